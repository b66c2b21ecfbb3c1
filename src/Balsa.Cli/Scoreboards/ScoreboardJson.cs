using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Balsa.Cli.Scoreboards;

/// <summary>Generated at build time, so that no command pays for reflection at start.</summary>
[JsonSerializable(typeof(List<ScoreLine>))]
internal sealed partial class ScoreboardJson : JsonSerializerContext
{
    /// <summary>Writes characters such as ">=" as they are: the file is read by people.</summary>
    public static ScoreboardJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        AllowTrailingCommas = true,
    });
}

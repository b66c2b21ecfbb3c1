using System.Text.Json.Serialization;

namespace Balsa.Adapters.Controller;

/// <summary>What to say, and what to do once it was said.</summary>
internal sealed record DeskAnswer(Reply? Reply, Action? Afterwards = null)
{
    internal static DeskAnswer? Of(Reply? reply) => reply is null ? null : new DeskAnswer(reply);
}

[JsonSerializable(typeof(string))]
internal sealed partial class DialectJson : JsonSerializerContext;

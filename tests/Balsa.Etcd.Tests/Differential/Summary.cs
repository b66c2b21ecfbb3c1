using System.Text.Json;
using System.Text.Json.Nodes;
using Balsa.Etcd.Tests.Server;

namespace Balsa.Etcd.Tests.Differential;

/// <summary>What was compared, for people and as a line of JSON for commands that show it.</summary>
internal static class Summary
{
    private const string Folder = "test", File = "etcd-differential.json";

    public static string Text(Transcript transcript, int differences) =>
        $"{string.Join(", ", Kinds(transcript).Select(kind => $"{kind.Count} {kind.Name}"))}\n"
        + $"{transcript.Lines.Count} operations of seed {transcript.Seed} compared with etcd {EtcdProcess.VersionOrNone}: "
        + $"{differences} differences ({transcript.Took.TotalSeconds:f1} s)";

    public static void Write(Transcript transcript, int differences)
    {
        var kinds = new JsonObject();
        foreach (var (name, count) in Kinds(transcript)) kinds[name] = count;
        var line = new JsonObject
        {
            ["etcd"] = EtcdProcess.VersionOrNone, ["seed"] = transcript.Seed, ["operations"] = transcript.Lines.Count,
            ["refused"] = transcript.Lines.Count(entry => entry.Outcome.Code != 0),
            ["events"] = transcript.Lines.Sum(entry => entry.Outcome.Events.Count),
            ["differences"] = differences, ["seconds"] = Math.Round(transcript.Took.TotalSeconds, 1), ["kinds"] = kinds,
        };
        var folder = Path.Combine(Artifacts(), Folder);
        Directory.CreateDirectory(folder);
        System.IO.File.WriteAllText(Path.Combine(folder, File), line.ToJsonString(JsonSerializerOptions.Default) + "\n");
    }

    private static IEnumerable<(string Name, int Count)> Kinds(Transcript transcript) =>
        transcript.Lines.CountBy(line => line.Step.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => (kind.Key, kind.Value));

    /// <summary>The tests lie in artifacts/bin/PROJECT/CONFIGURATION.</summary>
    private static string Artifacts() => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));
}

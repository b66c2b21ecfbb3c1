using System.Text.Json.Nodes;

namespace Balsa.Course.Tests.Images;

/// <summary>A compose file of samples/compose.</summary>
internal sealed class ComposeFile
{
    private ComposeFile(JsonObject top) => Top = top;

    internal JsonObject Top { get; }

    internal IReadOnlyList<ComposeService> Services =>
        [.. Top["services"]!.AsObject().Select(service => new ComposeService(service.Key, service.Value!.AsObject()))];

    internal IReadOnlyList<ComposeService> Nodes => [.. Services.Where(service => service.Command[0] == "server")];

    internal ComposeService this[string service] => Services.Single(one => one.Name == service);

    internal IEnumerable<string> Volumes => Top["volumes"]!.AsObject().Select(volume => volume.Key);

    /// <summary>The network of addresses; null when the file leaves it to the engine.</summary>
    internal string? Subnet => Top["networks"]?["course"]?["ipam"]?["config"]?[0]?["subnet"]?.GetValue<string>();

    internal static IEnumerable<string> All => Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order();

    private static string Folder => Path.Combine(CourseLists.Root, "samples", "compose");

    internal static string TextOf(string file) => File.ReadAllText(Path.Combine(Folder, file));

    internal static ComposeFile Read(string file) => Parse(TextOf(file));

    internal static ComposeFile Parse(string text) => new(YamlReader.Read(text));
}

/// <summary>One service of a compose file.</summary>
internal sealed class ComposeService(string name, JsonObject settings)
{
    internal string Name => name;

    internal IEnumerable<string> Keys => settings.Select(one => one.Key);

    internal IReadOnlyList<string> Command => List("command");

    internal IReadOnlyList<string> Ports => List("ports");

    internal IReadOnlyList<string> Volumes => List("volumes");

    /// <summary>What the engine runs to see whether it is well; empty when it is not to be asked.</summary>
    internal IReadOnlyList<string> HealthTest =>
        settings["healthcheck"]?["test"]?.AsArray().Select(word => word!.GetValue<string>()).ToList() ?? [];

    internal bool HasNoHealth => settings["healthcheck"]?["disable"]?.GetValue<string>() == "true";

    internal IReadOnlyDictionary<string, string> Environment =>
        settings["environment"]?.AsObject().ToDictionary(one => one.Key, one => one.Value!.GetValue<string>()) ?? [];

    internal IReadOnlyDictionary<string, string> WaitsFor =>
        settings["depends_on"]?.AsObject().ToDictionary(one => one.Key, one => one.Value!["condition"]!.GetValue<string>()) ?? [];

    internal string? Address => (settings["networks"] as JsonObject)?["course"]?["ipv4_address"]?.GetValue<string>();

    internal string? Text(string key) => settings[key]?.GetValue<string>();

    private IReadOnlyList<string> List(string key) =>
        settings[key]?.AsArray().Select(one => one!.GetValue<string>()).ToList() ?? [];
}

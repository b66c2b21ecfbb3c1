using System.Xml.Linq;

namespace Balsa.Solution.Tests.Rules;

/// <summary>Who may reference whom. A project that is not in the table must be added to it, with thought.</summary>
internal static class Dependencies
{
    private const string Anything = "*";

    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["Balsa.Raft"] = "",
        ["Balsa.KeyValue"] = "Balsa.Raft",
        ["Balsa.Storage"] = "Balsa.Raft",
        ["Balsa.Transport"] = "Balsa.Raft",
        ["Balsa.Replica"] = "Balsa.Raft",
        ["Balsa.Node"] = "Balsa.Raft Balsa.KeyValue Balsa.Storage Balsa.Transport Balsa.Replica",
        ["Balsa.Protocol"] = "",
        ["Balsa.Grpc"] = "",
        ["Balsa.Client"] = "Balsa.Protocol Balsa.Grpc",
        ["Balsa.Server"] = "Balsa.Raft Balsa.Node Balsa.KeyValue Balsa.Storage Balsa.Transport Balsa.Replica Balsa.Grpc Balsa.Protocol",
        ["Balsa.Adapters"] = "Balsa.Raft Balsa.Node Balsa.KeyValue Balsa.Storage Balsa.Transport Balsa.Replica Balsa.Grpc Balsa.Protocol",
        ["Balsa.Hosting"] = "Balsa.Raft Balsa.Node Balsa.Replica Balsa.Storage Balsa.Transport",
        // The adapter of the LAN dialect, which runs in virtual time as it ships.
        ["Balsa.Simulation"] = "Balsa.Raft Balsa.Node Balsa.Replica Balsa.KeyValue Balsa.Storage Balsa.Transport Balsa.Adapters",
        ["Balsa.Console"] = "",
        ["Balsa.Cli"] = Anything,
    };

    private static readonly string[] WithoutPackages = ["Balsa.Raft", "Balsa.KeyValue", "Balsa.Storage", "Balsa.Transport"];

    private static readonly string[] AlwaysPure = ["Balsa.Raft", "Balsa.KeyValue"];

    public static IEnumerable<string> Violations(string project, string projectXml)
    {
        if (!Allowed.TryGetValue(project, out var allowed))
        {
            yield return $"{project} is not in the table of Rules/Dependencies.cs.";
            yield break;
        }

        foreach (var reference in Included(projectXml, "ProjectReference").Select(NameInPath))
        {
            var isAllowed = allowed == Anything || allowed.Split(' ').Contains(reference, StringComparer.Ordinal);
            if (!isAllowed)
            {
                yield return $"{project} references {reference}; it may reference {(allowed.Length == 0 ? "nothing" : allowed)}.";
            }
        }

        if (WithoutPackages.Contains(project, StringComparer.Ordinal))
        {
            foreach (var package in Included(projectXml, "PackageReference").Concat(Included(projectXml, "FrameworkReference")))
            {
                yield return $"{project} uses the package {package}; it may use none.";
            }
        }
    }

    /// <summary>A project is pure by its own file or by the list in Directory.Build.props.</summary>
    public static IEnumerable<string> PurityViolations(string project, string projectXml, string buildProps)
    {
        if (!AlwaysPure.Contains(project, StringComparer.Ordinal))
        {
            yield break;
        }

        var own = XDocument.Parse(projectXml).Descendants("BalsaPure").FirstOrDefault()?.Value;
        var listed = XDocument.Parse(buildProps).Descendants("PropertyGroup").Any(group =>
            string.Equals(group.Element("BalsaPure")?.Value, "true", StringComparison.Ordinal)
            && ((string?)group.Attribute("Condition") ?? "").Contains($"== '{project}'", StringComparison.Ordinal));
        if (!string.Equals(own ?? (listed ? "true" : null), "true", StringComparison.Ordinal))
        {
            yield return $"{project} is pure by design, and BalsaPure is not true for it.";
        }
    }

    private static IEnumerable<string> Included(string projectXml, string element) =>
        XDocument.Parse(projectXml).Descendants(element).Select(item => (string?)item.Attribute("Include")).OfType<string>();

    private static string NameInPath(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
}

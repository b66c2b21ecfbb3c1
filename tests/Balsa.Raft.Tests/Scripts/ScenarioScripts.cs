using System.Runtime.CompilerServices;

namespace Balsa.Raft.Tests.Scripts;

/// <summary>The scripts where they are written, so that a renewed output lands in the working copy.</summary>
internal static class ScenarioScripts
{
    internal static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(here))!, "Scenarios");

    internal static string PathOf(string name) => Path.Combine(Folder(), name + ".txt");

    internal static IEnumerable<string> Names() =>
        Directory.GetFiles(Folder(), "*.txt").Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal);

    internal static IReadOnlyList<(string Name, string Text)> All() => [.. Names().Select(n => (n, File.ReadAllText(PathOf(n))))];
}

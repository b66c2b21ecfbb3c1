using System.Text.RegularExpressions;

namespace Balsa.Course.Tests;

/// <summary>The lists of the courses beside this file, and what the sources of all tests say about them.</summary>
internal static partial class CourseLists
{
    internal static string Root { get; } = FindRoot();

    private static string Data => Path.Combine(Root, "tests", "Balsa.Course.Tests", "Data");

    internal static IReadOnlyList<string> Rows { get; } = File.ReadAllLines(Path.Combine(Data, "rows.txt"));

    /// <summary>Each mistake, and what guards against it.</summary>
    internal static IReadOnlyList<(string Id, string Guard, string Name)> Mistakes { get; } =
    [
        .. File.ReadAllLines(Path.Combine(Data, "mistakes.txt")).Where(line => !line.StartsWith('#')).Select(line => line.Split(' '))
            .Select(words => (words[0], words[1], words.Length > 2 ? words[2] : "")),
    ];

    /// <summary>What tests carry in their [Row("...")].</summary>
    internal static IReadOnlySet<string> Carried { get; } = FindCarried();

    internal static string Mutants { get; } = string.Concat(
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*Mutant.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    private static HashSet<string> FindCarried()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories);
        var attributes = files.SelectMany(file => Attribute().Matches(File.ReadAllText(file)).Select(match => match.Value));
        return [.. attributes.SelectMany(text => Id().Matches(text).Select(match => match.Value))];
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Balsa.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of a Balsa working copy.");
    }

    [GeneratedRegex(@"\[Row\(.*?\)\]", RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"[SM]\d-\d\d", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Id();
}

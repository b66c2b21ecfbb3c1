using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Balsa.Solution.Tests.Rules;

/// <summary>
/// Storage is planned as steps of a disk: only the disks and what drives them may touch files, clocks and threads. A lock
/// between two planners is allowed, because it waits for nobody's work.
/// </summary>
internal static class Planners
{
    private static readonly string[] Exempt =
        ["src/Balsa.Storage/Disks/", "src/Balsa.Storage/Lanes/", "src/Balsa.Storage/DataDirectory.cs"];

    private static readonly HashSet<string> Banned = new(StringComparer.Ordinal)
    {
        "File", "FileStream", "FileInfo", "Directory", "DirectoryInfo", "RandomAccess", "SafeFileHandle", "Marshal",
        "Stopwatch", "DateTime", "DateTimeOffset", "TimeProvider", "Timer", "Random", "RandomNumberGenerator", "Guid",
        "Thread", "Task", "ThreadPool", "Monitor", "SemaphoreSlim", "Environment", "Console", "Process",
    };

    internal static bool Concerns(string path) =>
        path.StartsWith("src/Balsa.Storage/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)
        && !Exempt.Any(exempt => path.StartsWith(exempt, StringComparison.Ordinal));

    /// <summary>Uses of a banned type: its static members, its constructors, its name as a type.</summary>
    internal static IEnumerable<string> Violations(string path, string text)
    {
        var root = Source.Parse(text);
        var members = root.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Select(access => access.Expression);
        var made = root.DescendantNodes().OfType<ObjectCreationExpressionSyntax>().Select(creation => creation.Type);
        var fields = root.DescendantNodes().OfType<VariableDeclarationSyntax>().Select(declaration => declaration.Type);
        foreach (var name in members.Cast<Microsoft.CodeAnalysis.SyntaxNode>().Concat(made).Concat(fields).OfType<IdentifierNameSyntax>())
        {
            if (!Banned.Contains(name.Identifier.Text) || IsOwnProperty(root, name.Identifier.Text)) continue;
            yield return $"{path}: {name.Identifier.Text} is no business of a planner; it yields a step instead.";
        }
    }

    /// <summary>`File` may be a property of the type itself, as a step and a segment have one.</summary>
    private static bool IsOwnProperty(Microsoft.CodeAnalysis.SyntaxNode root, string name) =>
        root.DescendantNodes().OfType<PropertyDeclarationSyntax>().Any(property => property.Identifier.Text == name)
        || root.DescendantNodes().OfType<ParameterSyntax>().Any(parameter => parameter.Identifier.Text == name);
}

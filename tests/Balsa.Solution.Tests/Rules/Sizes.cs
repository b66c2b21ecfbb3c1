using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Balsa.Solution.Tests.Rules;

/// <summary>How long files, methods and lines may be.</summary>
internal static class Sizes
{
    public const int ProductionFile = 300;
    public const int AnyFile = 500;
    public const int Method = 60;
    public const int Line = 140;

    /// <summary>Production files above 300 lines, each with the reason. None may pass 500.</summary>
    private static readonly Dictionary<string, string> LongFiles = new(StringComparer.Ordinal)
    {
        ["src/Balsa.Raft/RaftCore.cs"] = "All inputs of the core, each a few lines: the table of contents of the algorithm.",
    };

    /// <summary>Methods above 60 lines as "path Method", each with the reason.</summary>
    private static readonly Dictionary<string, string> LongMethods = new(StringComparer.Ordinal);

    public static IEnumerable<string> FileViolations(string path, string text, IReadOnlyDictionary<string, string>? excused = null)
    {
        var lines = LinesOf(text).Length;
        var isTest = path.StartsWith("tests/", StringComparison.Ordinal);
        var allowed = isTest || (excused ?? LongFiles).ContainsKey(path) ? AnyFile : ProductionFile;
        if (lines > allowed)
        {
            yield return $"{path} has {lines} lines; {allowed} are allowed.";
        }
    }

    public static IEnumerable<string> LineViolations(string path, string text)
    {
        var lines = LinesOf(text);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > Line)
            {
                yield return $"{path}({i + 1}) has {lines[i].Length} characters; {Line} are allowed.";
            }
        }
    }

    public static IEnumerable<string> MethodViolations(string path, string text, IReadOnlyDictionary<string, string>? excused = null)
    {
        var root = Source.Parse(text);
        foreach (var node in root.DescendantNodes())
        {
            if (NameOf(node) is not { } name || (excused ?? LongMethods).ContainsKey($"{path} {name}"))
            {
                continue;
            }

            var span = node.SyntaxTree.GetLineSpan(node.Span);
            var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines > Method)
            {
                yield return $"{path}({span.StartLinePosition.Line + 1}) {name} has {lines} lines; {Method} are allowed.";
            }
        }
    }

    /// <summary>Excuses for files that do not exist or have become short enough.</summary>
    public static IEnumerable<string> StaleExcuses(Func<string, string?> read) =>
        LongFiles.Keys.Where(path => read(path) is not { } text || LinesOf(text).Length <= ProductionFile)
            .Select(path => $"{path} needs no excuse in Rules/Sizes.cs any more.");

    private static string[] LinesOf(string text) => text.TrimEnd('\n').Split('\n');

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax => "operator",
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        AnonymousFunctionExpressionSyntax => "lambda",
        _ => null,
    };
}

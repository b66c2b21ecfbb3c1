using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Balsa.Solution.Tests.Rules;

/// <summary>What must not stand in a source file.</summary>
internal static partial class Words
{
    /// <summary>Production code: no partial types except for source generators, no regions, nothing left undone.</summary>
    public static IEnumerable<string> ShapeViolations(string path, string text)
    {
        var root = Source.Parse(text);
        foreach (var type in root.DescendantNodes().OfType<TypeDeclarationSyntax>().Where(t => t.Modifiers.Any(SyntaxKind.PartialKeyword)))
        {
            if (!IsForGenerator(type))
            {
                yield return $"{path}: {type.Identifier.Text} is partial, and no source generator needs it.";
            }
        }

        if (root.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.RegionDirectiveTrivia)))
        {
            yield return $"{path}: #region hides code; split the file instead.";
        }

        foreach (Match match in Unfinished().Matches(text))
        {
            yield return $"{path}: \"{match.Value}\" marks something unfinished; finish it or open an issue.";
        }
    }

    /// <summary>Any text file: no path of somebody's machine, no control characters, no invisible ones.</summary>
    public static IEnumerable<string> TextViolations(string path, string text)
    {
        foreach (Match match in MachinePath().Matches(text))
        {
            yield return $"{path}: \"{match.Value}\" is a path of one machine.";
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (IsForbidden(text[i], isFirst: i == 0))
            {
                yield return $"{path}: character U+{(int)text[i]:X4} at position {i}.";
            }
        }
    }

    private static bool IsForbidden(char c, bool isFirst) =>
        (char.IsControl(c) && c is not ('\n' or '\t'))
        || (char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format && !(isFirst && c == '\uFEFF'));

    private static bool IsForGenerator(TypeDeclarationSyntax type)
    {
        var attributes = type.DescendantNodes().OfType<AttributeSyntax>().Select(attribute => attribute.Name.ToString());
        return attributes.Any(name => name is "JsonSerializable" or "GeneratedRegex" or "LibraryImport" or "LoggerMessage");
    }

    [GeneratedRegex(@"\b(NotImplementedException|TODO|FIXME|XXX)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfinished();

    private const string HomeOrDrive = @"(?<![\w.$}])/(home|root|work|Users|mnt)/[\w.-]+|\b[A-Z]:\\\w+";

    [GeneratedRegex(HomeOrDrive, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MachinePath();
}

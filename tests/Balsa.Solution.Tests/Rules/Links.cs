using System.Text.RegularExpressions;

namespace Balsa.Solution.Tests.Rules;

/// <summary>Links between the Markdown files of the repository.</summary>
internal static partial class Links
{
    public static IEnumerable<string> Violations(string path, string text, Func<string, bool> exists)
    {
        foreach (Match match in Link().Matches(WithoutCode(text)))
        {
            var target = match.Groups["target"].Value.Split('#')[0];
            var isElsewhere = target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal);
            if (target.Length == 0 || isElsewhere)
            {
                continue;
            }

            var resolved = Resolve(path, Uri.UnescapeDataString(target));
            if (resolved is null || !exists(resolved))
            {
                yield return $"{path} links to {target}, which does not exist.";
            }
        }
    }

    /// <summary>Null when the link leaves the repository.</summary>
    internal static string? Resolve(string path, string target)
    {
        var parts = new List<string>(target.StartsWith('/') ? [] : path.Split('/')[..^1]);
        foreach (var part in target.Split('/').Where(part => part.Length > 0 && part != "."))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static string WithoutCode(string text) => InlineCode().Replace(Fence().Replace(text, ""), "");

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`[^`\n]*`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}

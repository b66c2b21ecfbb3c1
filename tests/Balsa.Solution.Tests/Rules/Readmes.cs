namespace Balsa.Solution.Tests.Rules;

/// <summary>Every project says on one screen what it is, what it must never do, and where to start reading.</summary>
internal static class Readmes
{
    public const int Lines = 40;

    public static IEnumerable<string> Violations(string path, string? text)
    {
        if (text is null)
        {
            yield return $"{path} does not exist.";
        }
        else if (text.TrimEnd('\n').Split('\n').Length is var lines and > Lines)
        {
            yield return $"{path} has {lines} lines; {Lines} are allowed.";
        }
    }
}

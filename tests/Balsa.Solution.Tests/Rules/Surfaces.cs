namespace Balsa.Solution.Tests.Rules;

/// <summary>Compares the public surface with the checked-in text.</summary>
internal static class Surfaces
{
    /// <summary>Null when they are equal; otherwise the first lines that went and came, and how to accept them.</summary>
    public static string? Difference(string project, string checkedIn, string actual)
    {
        if (string.Equals(checkedIn, actual, StringComparison.Ordinal))
        {
            return null;
        }

        var before = checkedIn.Split('\n');
        var after = actual.Split('\n');
        var gone = before.Except(after, StringComparer.Ordinal).Select(line => "  - " + line.Trim());
        var come = after.Except(before, StringComparer.Ordinal).Select(line => "  + " + line.Trim());
        return $"The public surface of {project} changed. If that is meant: BALSA_REWRITE=1 ./test solution\n"
            + string.Join('\n', gone.Concat(come).Take(20));
    }
}

namespace Balsa.Solution.Tests;

internal static class Check
{
    /// <summary>Fails with every violation on a line of its own.</summary>
    public static void Empty(IEnumerable<string> violations)
    {
        var all = violations.ToList();
        if (all.Count > 0)
        {
            Assert.Fail($"{all.Count} violations:\n{string.Join('\n', all.Take(50))}");
        }
    }
}

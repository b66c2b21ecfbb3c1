namespace Balsa.Cli.CommandLine;

/// <summary>Which of the known names somebody probably meant.</summary>
internal static class NearestNames
{
    /// <summary>The three nearest at most, best first; none when nothing is near.</summary>
    public static IReadOnlyList<string> To(string word, IEnumerable<string> known)
    {
        var allowed = Math.Max(2, word.Length / 3);
        return
        [
            .. known
                .Select(name => (Name: name, Distance: name.StartsWith(word, StringComparison.Ordinal) ? 0 : Distance(word, name)))
                .Where(candidate => candidate.Distance <= allowed)
                .OrderBy(candidate => candidate.Distance)
                .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
                .Take(3)
                .Select(candidate => candidate.Name),
        ];
    }

    /// <summary>How many letters must be added, removed, replaced or swapped with their neighbour.</summary>
    internal static int Distance(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                cost[i, j] = CheapestStep(cost, from, to, i, j);
            }
        }

        return cost[from.Length, to.Length];
    }

    private static int CheapestStep(int[,] cost, string from, string to, int i, int j)
    {
        if (i == 0 || j == 0)
        {
            return i + j;
        }

        var replace = cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
        var best = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
        var swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
        return swapped ? Math.Min(best, cost[i - 2, j - 2] + 1) : best;
    }
}

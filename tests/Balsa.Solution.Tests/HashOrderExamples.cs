namespace Balsa.Solution.Tests;

/// <summary>What a pure assembly must not contain, compiled so that a test can prove that the rule sees it.</summary>
internal static class HashOrderExamples
{
    public static int SumOfKeys(Dictionary<int, int> table)
    {
        var sum = 0;
        foreach (var pair in table)
        {
            sum += pair.Key;
        }

        return sum;
    }

    public static int[] Spread(HashSet<int> table) => [.. table];

    public static int SumOfMembers(HashSet<int> table)
    {
        var sum = 0;
        foreach (var member in table)
        {
            sum += member;
        }

        return sum;
    }

    public static void Locked(object gate, Action action)
    {
        lock (gate)
        {
            action();
        }
    }
}

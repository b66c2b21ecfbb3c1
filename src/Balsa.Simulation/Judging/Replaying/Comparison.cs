using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>Comparisons of transactions as etcd makes them: a missing key has zeros, and its value compares with nothing.</summary>
internal static class Comparison
{
    internal static bool Holds(Compare compare, Cell? cell)
    {
        if (compare.Target == CompareTarget.Value)
            return cell is { } present && Fits(compare.Sign, string.CompareOrdinal(present.Value, compare.Text));
        var number = compare.Target switch
        {
            CompareTarget.Modified => cell?.Modified ?? 0,
            CompareTarget.Created => cell?.Created ?? 0,
            _ => cell?.Version ?? 0,
        };
        return Fits(compare.Sign, number.CompareTo(compare.Number));
    }

    private static bool Fits(int? wanted, int found) => wanted is { } sign ? Math.Sign(found) == Math.Sign(sign) : found != 0;
}

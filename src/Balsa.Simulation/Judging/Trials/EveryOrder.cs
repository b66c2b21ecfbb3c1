using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Trials;

/// <summary>Tries every order of every choice of operations: slow, and too plain to be wrong.</summary>
internal static class EveryOrder
{
    internal static bool Explains(IReadOnlyList<Operation> operations) => Explains(operations, 0, TrialStore.Empty);

    private static bool Explains(IReadOnlyList<Operation> operations, int placed, TrialStore store)
    {
        var isOver = true;
        for (var i = 0; i < operations.Count; i++)
            if ((placed & (1 << i)) == 0 && operations[i].Outcome == Outcome.Done) isOver = false;
        if (isOver) return true;
        for (var i = 0; i < operations.Count; i++)
        {
            if ((placed & (1 << i)) != 0 || operations[i].Outcome == Outcome.NotDone || MustWait(operations, placed, i)) continue;
            var next = store.Run(operations[i], out var answer);
            if (operations[i].Outcome == Outcome.Done && !answer.Fits(operations[i])) continue;
            if (Explains(operations, placed | (1 << i), next)) return true;
        }

        return false;
    }

    /// <summary>Something that had ended before is not in its place yet. A stale read waits for nothing.</summary>
    private static bool MustWait(IReadOnlyList<Operation> operations, int placed, int operation)
    {
        if (operations[operation].IsStale) return false;
        for (var i = 0; i < operations.Count; i++)
        {
            var isMissing = (placed & (1 << i)) == 0 && operations[i].Outcome == Outcome.Done;
            if (isMissing && operations[i].End < operations[operation].Begin) return true;
        }

        return false;
    }
}

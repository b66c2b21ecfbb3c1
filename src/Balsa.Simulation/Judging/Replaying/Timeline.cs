using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>
/// Operations in the order of their revisions, and what real time says about them. What ended before an operation began has a
/// revision that this one cannot be behind, and a change must even have a larger one.
/// </summary>
internal sealed class Timeline
{
    private readonly List<Operation> _byEnd = [];

    internal Timeline(IReadOnlyList<Operation> operations, JudgeMutant mutant)
    {
        foreach (var operation in operations)
        {
            if (operation is { Outcome: Outcome.Done, Revision: not null }) Done.Add(operation);
            else if (operation.Outcome == Outcome.Unknown) Unknown.Add(operation);
        }

        _byEnd.AddRange(Done);
        _byEnd.Sort((one, other) => (one.End, one.Line).CompareTo((other.End, other.Line)));
        FindFloors(mutant);
        Done.Sort(Compare);
        Last = Done.Count == 0 ? History.FirstRevision : Math.Max(History.FirstRevision, Done[^1].Revision!.Value);
    }

    /// <summary>With their answers: by revision, and what changed something before what looked.</summary>
    internal List<Operation> Done { get; } = [];

    /// <summary>By their beginning.</summary>
    internal List<Operation> Unknown { get; } = [];

    /// <summary>The largest revision that anybody saw.</summary>
    internal long Last { get; }

    /// <summary>For each operation of unknown outcome the largest revision that was seen before it began.</summary>
    internal List<long> Floors { get; } = [];

    /// <summary>
    /// The same for those of which nobody knows whether they changed anything. Such a one may have looked at this revision, but
    /// if it changed something it got a larger one.
    /// </summary>
    internal Dictionary<Operation, long> FloorsOfMaybes { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Two operations whose revisions contradict the time; null when there are none.</summary>
    internal (Operation Earlier, Operation Later)? Contradiction { get; private set; }

    /// <summary>The place of the first answer of this revision or a later one.</summary>
    internal int FirstAt(long revision)
    {
        var (low, high) = (0, Done.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Done[middle].Revision >= revision) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    /// <summary>The earliest moment by which somebody knew that this revision or a later one was there.</summary>
    internal long KnownBy(long revision)
    {
        var known = Operation.Never;
        for (var i = Done.Count - 1; i >= 0 && Done[i].Revision >= revision; i--) known = Math.Min(known, Done[i].End);
        return known;
    }

    private static int Compare(Operation one, Operation other)
    {
        var order = one.Revision!.Value.CompareTo(other.Revision!.Value);
        if (order == 0) order = Rank(one).CompareTo(Rank(other));
        return order != 0 ? order : (one.Begin, one.Line).CompareTo((other.Begin, other.Line));
    }

    /// <summary>At one revision leases begin before they are used, and end behind that.</summary>
    private static int Rank(Operation operation) => operation.Kind switch
    {
        OperationKind.Grant => 1,
        OperationKind.Revoke => 3,
        OperationKind.KeepAlive => operation.Met == false ? 4 : 2,
        _ => Effects.Of(operation) == Effect.Sure ? 0 : 2,
    };

    private void FindFloors(JudgeMutant mutant)
    {
        var all = new List<Operation>(Done.Count + Unknown.Count);
        all.AddRange(Done);
        all.AddRange(Unknown);
        all.Sort((one, other) => (one.Begin, one.Line).CompareTo((other.Begin, other.Line)));
        var ended = 0;
        Operation? highest = null;
        foreach (var operation in all)
        {
            for (; ended < _byEnd.Count && _byEnd[ended].End < operation.Begin; ended++)
            {
                if (mutant == JudgeMutant.StaleFromTheFuture && _byEnd[ended].IsStale) continue;
                if (highest is null || _byEnd[ended].Revision > highest.Revision) highest = _byEnd[ended];
            }

            var floor = highest?.Revision ?? History.FirstRevision;
            if (operation.Outcome == Outcome.Unknown) Floors.Add(floor);
            else if (Effects.Of(operation) == Effect.Maybe) FloorsOfMaybes.Add(operation, floor);
            if (operation.Outcome == Outcome.Unknown) continue;
            if (highest is not null && mutant != JudgeMutant.RevisionsWithoutTime && IsBehind(operation, floor))
                Contradiction ??= (highest, operation);
        }
    }

    private static bool IsBehind(Operation operation, long floor)
    {
        var isChange = Effects.Of(operation) == Effect.Sure;
        // An earlier state may be read at any time, but what was read of it had been written by then.
        if (operation.IsStale && !isChange) return false;
        return isChange ? operation.Revision <= floor : operation.Revision < floor;
    }
}

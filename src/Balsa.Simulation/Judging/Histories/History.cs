namespace Balsa.Simulation.Judging.Histories;

/// <summary>What clients saw of a store: their operations in the order of their beginnings.</summary>
public sealed class History
{
    public History(IEnumerable<Operation> operations)
    {
        var sorted = new List<Operation>(operations);
        // Begin, then line: a sort that keeps equal ones apart is the same everywhere.
        sorted.Sort((one, other) => (one.Begin, one.Line).CompareTo((other.Begin, other.Line)));
        Operations = sorted;
    }

    /// <summary>The revision of a store in which nothing was ever changed.</summary>
    public const long FirstRevision = 1;

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The first answer without a revision; null when every answer has one.</summary>
    public Operation? WithoutRevision
    {
        get
        {
            foreach (var operation in Operations)
                if (operation is { Outcome: Outcome.Done, Revision: null }) return operation;
            return null;
        }
    }
}

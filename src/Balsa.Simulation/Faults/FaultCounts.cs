namespace Balsa.Simulation.Faults;

/// <summary>How often each kind really happened: planned is not enough, it must have had something to hit.</summary>
internal sealed class FaultCounts
{
    private readonly long[] _counts = new long[FaultNames.Count];

    internal long this[FaultKind kind] => _counts[(int)kind];

    internal long Total { get; private set; }

    internal void Hit(FaultKind kind)
    {
        _counts[(int)kind]++;
        Total++;
    }
}

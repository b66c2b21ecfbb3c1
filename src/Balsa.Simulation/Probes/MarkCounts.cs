using Balsa.Raft.Probes;

namespace Balsa.Simulation.Probes;

/// <summary>How often each mark of the core was reached, over all nodes of a world.</summary>
internal sealed class MarkCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<Mark>().Length];

    internal long this[Mark mark] => _counts[(int)mark];

    internal void Hit(Mark mark) => _counts[(int)mark]++;
}

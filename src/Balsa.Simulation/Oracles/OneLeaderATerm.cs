using Balsa.Raft.Log;

namespace Balsa.Simulation.Oracles;

/// <summary>At most one leader a term, ever: over restarts, and the same node in another boot is another leader.</summary>
internal sealed class OneLeaderATerm(Verdicts verdicts)
{
    private readonly Dictionary<ulong, (int Slot, ulong Life)> _leaders = [];

    internal void OnLeads(int slot, ulong life, Term term)
    {
        if (_leaders.TryAdd(term.Value, (slot, life))) return;
        var known = _leaders[term.Value];
        if (known != (slot, life))
            verdicts.Report("one leader a term", $"term {term} has n{slot + 1} (life {life}) and n{known.Slot + 1} (life {known.Life})");
    }
}

using Balsa.Raft.Log;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.Oracles;

/// <summary>The same term and index always means the same entry and the same history before it, on whatever node.</summary>
internal sealed class LogMatching(Verdicts verdicts)
{
    private readonly List<Seen> _seen = [];
    private int[] _newestAt = new int[256];

    private readonly record struct Seen(ulong Term, ulong Chain, int Earlier);

    internal void OnAppended(SimulatedNode node, in StoredEntry stored) => OnAppended(node.Slot, stored.Entry.Id, stored.Chain);

    internal void OnAppended(int slot, EntryId id, ulong chain)
    {
        var index = (int)id.Index.Value;
        if (index >= _newestAt.Length) Array.Resize(ref _newestAt, Math.Max(index + 1, 2 * _newestAt.Length));
        for (var at = _newestAt[index]; at > 0; at = _seen[at - 1].Earlier)
        {
            if (_seen[at - 1].Term != id.Term.Value) continue;
            if (_seen[at - 1].Chain != chain) verdicts.Report("log matching", $"n{slot + 1} holds another {id} than was seen before");
            return;
        }
        _seen.Add(new Seen(id.Term.Value, chain, _newestAt[index]));
        _newestAt[index] = _seen.Count;
    }
}

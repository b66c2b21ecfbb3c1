using Balsa.Raft.Log;

namespace Balsa.Simulation.Scenarios.Cluster;

/// <summary>Snapshots on their way from one node to another. They arrive at once unless the script holds them.</summary>
internal sealed class SnapshotTransfers
{
    private readonly List<Transfer> _running = [];

    internal readonly record struct Transfer(int From, int To, SnapshotImage Image, LogIndex Session);

    internal bool AreHeld { get; set; }

    internal IReadOnlyList<Transfer> Running => _running;

    internal void Reset()
    {
        _running.Clear();
        AreHeld = false;
    }

    internal void Begin(int from, int to, SnapshotImage image, LogIndex session)
    {
        End(from, to);
        _running.Add(new Transfer(from, to, image, session));
    }

    internal bool End(int from, int to) => _running.RemoveAll(t => t.From == from && t.To == to) > 0;

    internal Transfer Find(int from, int to)
    {
        foreach (var transfer in _running)
            if (transfer.From == from && transfer.To == to) return transfer;
        throw new ScenarioException($"no snapshot is on its way from {from} to {to}.");
    }
}

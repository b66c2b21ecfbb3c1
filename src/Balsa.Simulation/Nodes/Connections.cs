using Balsa.Raft.Identity;

namespace Balsa.Simulation.Nodes;

/// <summary>Whom a node has let in. A connection belongs to one boot of each end, and begins with a hello.</summary>
internal sealed class Connections
{
    private readonly List<(int Slot, ulong Incarnation, ulong Boot)> _welcomed = [];

    /// <summary>What it remembers of its peers; the highest boots are on disk, the rest is gone with each boot.</summary>
    internal PeerLedger Ledger { get; private set; } = new();

    private readonly List<(MemberId Member, Incarnation Incarnation, Boot Boot)> _onDisk = [];

    internal void BeginBoot()
    {
        _welcomed.Clear();
        Ledger = new PeerLedger();
        foreach (var (member, incarnation, boot) in _onDisk) Ledger.Restore(member, incarnation, boot);
    }

    internal void Forget()
    {
        _onDisk.Clear();
        BeginBoot();
    }

    internal bool IsWelcome(int slot, Incarnation incarnation, ulong boot)
    {
        for (var i = _welcomed.Count - 1; i >= 0; i--)
            if (_welcomed[i].Slot == slot && _welcomed[i].Boot == boot && _welcomed[i].Incarnation == incarnation.Value) return true;
        return false;
    }

    /// <summary>Its connections ended with it. After a rollback boots come again, and each start says hello anew.</summary>
    internal void CloseFrom(int slot, ulong boot) => _welcomed.RemoveAll(welcomed => welcomed.Slot == slot && welcomed.Boot >= boot);

    internal void Welcome(int slot, MemberId member, Incarnation incarnation, Boot boot)
    {
        _welcomed.Add((slot, incarnation.Value, boot.Value));
        for (var i = 0; i < _onDisk.Count; i++)
        {
            if (_onDisk[i].Member != member) continue;
            _onDisk[i] = (member, incarnation, boot);
            return;
        }
        _onDisk.Add((member, incarnation, boot));
    }

    internal Boot HighestBoot(MemberId member) => Ledger.HighestBoot(member);
}

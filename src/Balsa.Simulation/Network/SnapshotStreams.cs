using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Network;

/// <summary>Snapshots: taken now and then, and streamed in pieces from host to host, with breaks and resumption.</summary>
internal sealed class SnapshotStreams(World world, Dice dice)
{
    private readonly List<Stream> _running = [];

    private sealed class Stream(int from, ulong life, int to, SnapshotRecord snapshot, LogIndex session, int chunks)
    {
        internal int From { get; } = from;
        internal ulong Life { get; } = life;
        internal int To { get; } = to;
        internal SnapshotRecord Snapshot { get; } = snapshot;
        internal LogIndex Session { get; } = session;
        internal int Chunks { get; } = chunks;
        internal bool Ended { get; set; }
        internal int Fruitless { get; set; }
    }

    internal void ConsiderSnapshot(SimulatedNode node, Machine machine)
    {
        if (world.Options.SnapshotEvery == 0 || !world.Options.Has(FaultKind.SnapshotTaken)) return;
        var applied = machine.Applied;
        if (applied.Value < node.Snapshots.TakenAt.Value + (ulong)world.Options.SnapshotEvery || applied < node.Log.Boundary.Index) return;
        if (!node.Log.TryChainAt(applied, out var chain)) return;
        node.Snapshots.TakenAt = applied;
        var record = new SnapshotRecord(new EntryId(node.Log.TermAt(applied), applied), chain, node.Log.ConfigurationAt(applied));
        world.Queue.Add(world.Now + world.Timing.SnapshotDelay(), EventKind.SnapshotTaken, node.Slot, node.Life, 0, 0, record);
    }

    /// <summary>Published only when the log is durable that far; otherwise a restart could find a snapshot ahead of its log.</summary>
    internal void OnTaken(SimulatedNode node, Machine machine, SnapshotRecord record)
    {
        if (machine.Durable < record.Id.Index)
        {
            world.Queue.Add(world.Now + TimeSpan.TicksPerMillisecond * 20, EventKind.SnapshotTaken, node.Slot, node.Life, 0, 0, record);
            return;
        }
        if (machine.OnSnapshotCreated(record.Id) != Raft.Messages.Rejection.None) return;
        world.Faults.Hit(FaultKind.SnapshotTaken);
        node.Disk.Durable.Snapshot = record;
    }

    internal void Start(SimulatedNode node, MemberId peer, EntryId id, LogIndex session)
    {
        var snapshot = node.Disk.Durable.Snapshot;
        if (snapshot.Id != id) snapshot = node.Snapshots.Received!;
        var stream = new Stream(node.Slot, node.Life, (int)peer.Value - 1, snapshot, session, dice.Between(1, 6));
        _running.Add(stream);
        world.Queue.Add(world.Now + world.Timing.ChunkDelay(), EventKind.TransferStep, node.Slot, 0, 0, 0, stream);
    }

    internal void Abort(SimulatedNode node, MemberId peer)
    {
        foreach (var stream in _running)
            if (stream.From == node.Slot && stream.To == (int)peer.Value - 1) stream.Ended = true;
        Forget();
    }

    internal void OnNodeDown(SimulatedNode node)
    {
        foreach (var stream in _running)
            if (stream.From == node.Slot) stream.Ended = true;
        Forget();
    }

    internal void OnStep(object subject)
    {
        var stream = (Stream)subject;
        if (stream.Ended) return;
        if (stream.To >= world.Nodes.Count)
        {
            End(stream);
            return;
        }
        var receiver = world.Nodes[stream.To];
        if (!receiver.IsUp || receiver.PausedUntil > world.Now || world.Network.Links.IsCut(stream.From, stream.To)
            || receiver.Snapshots.Offered != stream.Snapshot.Id)
        {
            if (++stream.Fruitless > 10) End(stream); else Again(stream, 5);
            return;
        }
        if (Breaks())
        {
            End(stream);
            return;
        }
        if (Refuses(receiver)) return;
        TakeChunk(stream, receiver);
    }

    private void TakeChunk(Stream stream, SimulatedNode receiver)
    {
        var here = receiver.Snapshots;
        if (here.PartlyHere != stream.Snapshot.Id) (here.PartlyHere, here.ChunksHere) = (stream.Snapshot.Id, 0);
        if (++here.ChunksHere < stream.Chunks)
        {
            Tell(stream, ended: false);
            Again(stream, 1);
            return;
        }
        here.PartlyHere = EntryId.Start;
        world.Queue.Add(world.Now + world.Timing.SyncDelay(), EventKind.SnapshotArrived, receiver.Slot, receiver.Life, 0, 0,
            stream.Snapshot);
        End(stream);
    }

    /// <summary>The snapshot is whole and on disk beside the state; the core decides what it is good for.</summary>
    internal bool OnArrived(SimulatedNode node, Machine machine, SnapshotRecord record)
    {
        if (node.DrainIsDue)
        {
            // Two arrivals in one batch would leave one file for two installations.
            world.Queue.Add(world.Now + 20_000, EventKind.SnapshotArrived, node.Slot, node.Life, 0, 0, record);
            return false;
        }
        if (machine.Role != Role.Leader && record.Id.Index > machine.Commit) node.Snapshots.Received = record;
        machine.OnSnapshotArrived(record.Id, record.Configuration);
        return true;
    }

    private bool Breaks()
    {
        if (world.Timing.IsCalm || !world.Options.Has(FaultKind.StreamBroken) || !dice.Chance(300)) return false;
        world.Faults.Hit(FaultKind.StreamBroken);
        return true;
    }

    private bool Refuses(SimulatedNode receiver)
    {
        if (world.Timing.IsCalm || !world.Options.Has(FaultKind.StreamRefused) || !dice.Chance(300)) return false;
        world.Faults.Hit(FaultKind.StreamRefused);
        world.Queue.Add(world.Now, EventKind.SnapshotRefused, receiver.Slot, receiver.Life, receiver.Snapshots.Offered.Term.Value,
            receiver.Snapshots.Offered.Index.Value);
        return true;
    }

    private void Again(Stream stream, int times) =>
        world.Queue.Add(world.Now + times * world.Timing.ChunkDelay(), EventKind.TransferStep, stream.From, 0, 0, 0, stream);

    private void End(Stream stream)
    {
        stream.Ended = true;
        Tell(stream, ended: true);
        Forget();
    }

    private void Tell(Stream stream, bool ended) => world.Queue.Add(
        world.Now, EventKind.SnapshotProgress, stream.From, stream.Life, (ulong)stream.To + 1,
            (stream.Session.Value << 1) + (ended ? 1UL : 0));

    private void Forget()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
            if (_running[i].Ended) _running.RemoveAt(i);
    }
}

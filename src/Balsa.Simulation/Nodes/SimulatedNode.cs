using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Replica.Execution;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Nodes;

/// <summary>
/// One data directory and the process that runs on it. As the executor's target it writes down what the core asks for and
/// schedules what comes of it; it never calls the core.
/// </summary>
internal sealed class SimulatedNode(World world, int slot, Configuration founding) : IEffectTarget
{
    internal int Slot { get; } = slot;

    internal MemberId Id { get; } = new((ulong)slot + 1);

    internal Incarnation Incarnation { get; set; } = new((ulong)slot + 1);

    internal NodeState State { get; set; }

    internal Harm Harm { get; set; }

    /// <summary>The highest term in which it spoke, over all its boots.</summary>
    internal Term PromisedTerm { get; set; }

    /// <summary>What it held on disk before the harm: what it had promised then was true.</summary>
    internal LogImage? BeforeHarm { get; set; }

    internal SimulatedDisk Disk { get; set; } = new(founding);

    internal Machine? Machine { get; set; }

    /// <summary>Everything written, durable or not.</summary>
    internal LogImage Log { get; } = new(founding);

    internal LogIndex Applied { get; set; }

    internal ulong AppliedChain { get; set; }

    internal NodeClock Clock { get; set; }

    internal ulong Boot { get; set; }

    /// <summary>Which start of any node in this world it is: unlike boots, never the same twice.</summary>
    internal ulong Life { get; set; }

    internal bool IsUp => State == NodeState.Up;

    internal long PausedUntil { get; set; }

    internal List<SimulatedEvent> Waiting { get; } = [];

    internal long BusyUntil { get; set; }

    /// <summary>What a step costs a slow node; 0 when it is not slow.</summary>
    internal long StepCost { get; set; }

    internal long DiskStalledUntil { get; set; }

    /// <summary>Names the end of the running sync; an end that was put off or brought forward has a later number.</summary>
    internal ulong SyncNumber { get; set; }

    internal bool NextSyncFails { get; set; }

    /// <summary>When the scheduled timer fires; far away when none is scheduled.</summary>
    internal long TimerAt { get; set; } = long.MaxValue;

    /// <summary>After so many more effects the power goes out; 0 for never.</summary>
    internal int EffectsUntilCrash { get; set; }

    /// <summary>Inputs were handed in and not drained yet.</summary>
    internal bool DrainIsDue { get; set; }

    internal NodeMemory Memory { get; } = new();

    internal NodeSnapshots Snapshots { get; } = new();

    internal Connections Connections { get; } = new();

    public void SaveHardState(IoSeq io, HardState hardState)
    {
        Note(EffectKind.SaveHardState, hardState.Term.Value, hardState.VotedFor.Value);
        Disk.Queue(new StorageOperation(EffectKind.SaveHardState, io) { HardState = hardState });
        world.Disks.Work(this);
    }

    public void AppendEntries(IoSeq io, ReadOnlySpan<EntryRef> entries, Configuration? authored)
    {
        Note(EffectKind.AppendEntries, entries[0].Id.Index.Value, (ulong)entries.Length);
        world.Oracles.Promises.OnAppends(this, entries[^1]);
        var buffer = Disk.TakeBuffer(entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            if (authored is not null)
                world.Oracles.Membership.OnAuthored(this, Log.Ruling, authored, world.Nodes, world.Options.Raft.PromotionLag);
            if (authored is not null) entry = entry with { Payload = world.Configurations.Add(authored) };
            var configuration = entry.Kind == EntryKind.Configuration ? world.Configurations[entry.Payload] : null;
            buffer[i] = new StoredEntry(entry, configuration, StoredEntry.ChainOf(Log.LastChain, entry));
            Log.Append(buffer[i]);
            world.Oracles.LogMatching.OnAppended(this, buffer[i]);
        }
        Disk.Queue(new StorageOperation(EffectKind.AppendEntries, io) { Entries = buffer, Count = entries.Length });
        world.Disks.Work(this);
    }

    public void TruncateSuffix(IoSeq io, LogIndex from)
    {
        Note(EffectKind.TruncateSuffix, from.Value, 0);
        Log.TruncateFrom(from);
        Disk.Queue(new StorageOperation(EffectKind.TruncateSuffix, io) { Index = from });
        world.Disks.Work(this);
    }

    public void InstallSnapshot(IoSeq io, EntryId snapshot, Configuration configuration)
    {
        Note(EffectKind.InstallSnapshot, snapshot.Index.Value, snapshot.Term.Value);
        var record = Snapshots.Received!;
        Log.Reset(record);
        Disk.Queue(new StorageOperation(EffectKind.InstallSnapshot, io) { Snapshot = record });
        world.Disks.Work(this);
    }

    public void CompactPrefix(IoSeq io, LogIndex boundary)
    {
        Note(EffectKind.CompactPrefix, boundary.Value, 0);
        Log.CompactTo(boundary);
        Disk.Queue(new StorageOperation(EffectKind.CompactPrefix, io) { Index = boundary });
        world.Disks.Work(this);
    }

    public void Send(in Message message, LogIndex first, LogIndex last)
    {
        Note(EffectKind.Send, ((ulong)message.Kind << 32) + message.To.Value, message.Term.Value);
        world.Trace.Take(message.Log.Index.Value + (message.Commit.Value << 20), message.Match.Value + ((ulong)message.Flags << 40));
        world.Oracles.OnSend(this, message);
        world.Network.Send(this, message, first, last);
    }

    public void Apply(LogIndex first, LogIndex last)
    {
        Note(EffectKind.Apply, first.Value, last.Value);
        world.Oracles.Applying.OnApply(this, first, last);
        world.Queue.Add(world.Now + world.Timing.ApplyDelay(), EventKind.Applied, Slot, Life, last.Value);
    }

    public void RestoreSnapshot(EntryId snapshot)
    {
        Note(EffectKind.RestoreSnapshot, snapshot.Index.Value, 0);
        world.Oracles.Applying.OnRestore(this, Snapshots.Received!);
        world.Queue.Add(world.Now + world.Timing.ApplyDelay(), EventKind.Applied, Slot, Life, snapshot.Index.Value);
    }

    public void Complete(Correlation correlation, Outcome outcome, EntryId entry, MemberId leader)
    {
        Note(EffectKind.Complete, correlation.Value, ((ulong)outcome.Verdict << 8) + (ulong)outcome.Reason);
        world.Requests.OnCompleted(this, correlation, outcome, entry, leader);
    }

    public void CompleteRead(Correlation correlation, Outcome outcome, LogIndex index, MemberId leader)
    {
        Note(EffectKind.CompleteRead, correlation.Value, ((ulong)outcome.Verdict << 8) + (ulong)outcome.Reason);
        world.Requests.OnReadCompleted(this, correlation, outcome, index, leader);
    }

    public void LoadEntries(MemberId peer, LogIndex first, LogIndex last, ulong bytesMax)
    {
        Note(EffectKind.LoadEntries, first.Value, last.Value);
        world.Queue.Add(
            world.Now + world.Timing.LoadDelay(), EventKind.Loaded, Slot, Life, first.Value, last.Value + (peer.Value << 48), null);
    }

    public void StartSnapshotTransfer(MemberId peer, EntryId snapshot, LogIndex session)
    {
        Note(EffectKind.StartSnapshotTransfer, peer.Value, snapshot.Index.Value);
        world.Streams.Start(this, peer, snapshot, session);
    }

    public void AbortSnapshotTransfer(MemberId peer, EntryId snapshot)
    {
        Note(EffectKind.AbortSnapshotTransfer, peer.Value, snapshot.Index.Value);
        world.Streams.Abort(this, peer);
    }

    public void ReceiveSnapshot(MemberId leader, EntryId snapshot)
    {
        Note(EffectKind.ReceiveSnapshot, leader.Value, snapshot.Index.Value);
        Snapshots.Offered = snapshot;
    }

    public void RoleChanged(Role role, MemberId leader, HardState hardState)
    {
        Note(EffectKind.RoleChanged, (ulong)role, leader.Value);
        if (world.Trace.IsHeard) world.Trace.Line($"    {Id} is {role} of term {hardState.Term}, leader {leader}");
    }

    public void ConfigurationChanged(Configuration configuration, LogIndex index, bool committed)
    {
        Note(EffectKind.ConfigurationChanged, index.Value, committed ? 1UL : 0);
        if (world.Trace.IsHeard) world.Trace.Line($"    {Id} {(committed ? "committed" : "adopted")} {index}: {configuration}");
    }

    public void RecoveryCompleted()
    {
        Note(EffectKind.RecoveryCompleted, 0, 0);
        world.Lifecycle.OnRepaired(this);
    }

    public void RemovedFromCluster()
    {
        Note(EffectKind.RemovedFromCluster, 0, 0);
        Memory.ToldRemoved = true;
    }

    public void FailStop(StopReason why)
    {
        Note(EffectKind.FailStop, (ulong)why, 0);
        Memory.StoppedBecause = why;
    }

    /// <summary>Each effect is a place where the power may go out.</summary>
    private void Note(EffectKind kind, ulong a, ulong b)
    {
        world.Trace.Take(((ulong)kind << 8) + (ulong)Slot, a);
        world.Trace.Take(b);
        if (EffectsUntilCrash > 0 && --EffectsUntilCrash == 0) throw CrashException.Instance;
    }
}

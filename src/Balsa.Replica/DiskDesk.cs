using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Replica.Applying;
using Balsa.Replica.Contracts;
using Balsa.Replica.Execution;
using Balsa.Replica.Inputs;
using Balsa.Replica.Snapshots;
using Balsa.Replica.Trust;

namespace Balsa.Replica;

/// <summary>Takes what the disk reports, and decides what of the log stays in memory and on disk.</summary>
internal sealed class DiskDesk<TProbe>(
    EffectExecutor<TProbe, ReplicaTarget<TProbe>> executor, ReplicaTarget<TProbe> target, EntryCache entries, LoadedEntries loaded,
    Applier applier, SnapshotMaking<TProbe> making, StateWatch<TProbe> watch, ISnapshotShelf shelf, ReplicaOptions options, TProbe probe)
    where TProbe : struct, IProbe
{
    private readonly RaftCore<TProbe> _core = executor.Core;
    private bool _warnedOfSize;
    private (EntryId Id, Configuration Configuration)? _keptFrom;

    internal void Handle(ReplicaInput input)
    {
        switch (input)
        {
            case EntriesRead { Purpose.IsNone: true } read: applier.OnRead(read.Entries); break;
            case EntriesRead read: loaded.OnRead(read.Purpose, read.First, read.Entries); break;
            case SnapshotMade made: OnSnapshotMade(made); break;
            case SnapshotFailed failed:
                making.OnFailed();
                options.Note($"warning: no snapshot of {failed.Snapshot} was made: {failed.Problem}");
                break;
            case SnapshotArrived arrived:
                // What it replaces must be carried out first: two arrivals in one batch would leave one file for two installations.
                executor.Run();
                _core.OnSnapshotArrived(arrived.Snapshot, arrived.Configuration);
                executor.Run();
                break;
            case SnapshotRefused refused: _core.OnSnapshotRefused(refused.Snapshot); break;
            case TransferMoved moved: _core.OnSnapshotTransfer(moved.Peer, moved.Session, moved.Ended); break;
            case StateRestored restored: OnRestored(restored.Snapshot); break;
            default: Invariant.Broken("every input has a handler"); break;
        }
    }

    internal long LogBytesSinceSnapshot => target.LogBytes - making.LogBytesAt;

    internal void WarnOfSize()
    {
        if (_warnedOfSize || LogBytesSinceSnapshot < options.LogBytesMax / 2) return;
        _warnedOfSize = true;
        options.Note(
            $"warning: the log has grown by {LogBytesSinceSnapshot >> 20} MiB since the newest snapshot; "
            + $"writes stop at {options.LogBytesMax >> 20} MiB");
    }

    /// <summary>All inputs of a batch have been carried out.</summary>
    internal void EndBatch()
    {
        BeginLogLater();
        Unload();
    }

    private void OnSnapshotMade(SnapshotMade made)
    {
        making.OnMade(made.Snapshot);
        _warnedOfSize = false;
        _core.OnSnapshotCreated(made.Snapshot);
        _keptFrom = (made.KeptFrom, made.KeptConfiguration);
    }

    private void OnRestored(EntryId snapshot)
    {
        if (!applier.TryAdopt(snapshot)) return;
        making.OnAdopted(snapshot, target.LogBytes);
        watch.OnAdopted();
        options.Note($"the state is that of snapshot {snapshot} now");
    }

    /// <summary>The disk may forget the log before the oldest snapshot that is kept, when the core has no use for it either.</summary>
    private void BeginLogLater()
    {
        if (_keptFrom is not { } kept) return;
        if (kept.Id.Index > _core.Boundary.Index && !probe.Plants(Mutant.HostCutsLogBeforeCore)) return;
        _keptFrom = null;
        if (kept.Id.Index > target.LogBase.Index) target.BeginLogAfter(kept.Id, kept.Configuration);
    }

    /// <summary>Old entries leave the memory when they are on disk and in the state.</summary>
    private void Unload()
    {
        loaded.EndBatch();
        var before = entries.Base;
        var limit = LogIndex.Smaller(applier.Applied.Index, _core.Durable);
        if (probe.Plants(Mutant.LegalHostUnloadsBeforeDurable)) limit = applier.Applied.Index;
        if (probe.Plants(Mutant.LegalHostUnloadsEarly)) limit = _core.Durable;
        entries.Shrink(options.CacheBytesMax, limit);
        if (entries.Base > before) _core.OnEntriesUnloaded(entries.Base);
        shelf.OnLog(_core.Durable, target.LogBytes);
    }
}

using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica.Contracts;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>
/// What a data directory must hold, known without reading it: everything that the replica gave to its log, and how much of
/// it the log has called durable. What a start finds is compared with this.
/// </summary>
/// <param name="chainOf">Of a snapshot: the chain over everything that it stands for.</param>
internal sealed class DirectoryTruth(Configuration founding, Func<EntryId, ulong> chainOf)
{
    private readonly Queue<StorageOperation> _pending = new();
    private readonly DiskImage _scratch = new(founding);

    /// <summary>All that was written, durable or not.</summary>
    internal LogImage Written { get; } = new(founding);

    internal DiskImage Durable { get; } = new(founding);

    /// <summary>As it was on disk before a fault took some of it: what was promised then was true.</summary>
    internal LogImage? BeforeHarm { get; set; }

    internal int Pending => _pending.Count;

    internal void Write(in LogOperation operation)
    {
        switch (operation.Kind)
        {
            case LogOperationKind.SaveHardState:
                _pending.Enqueue(new StorageOperation(EffectKind.SaveHardState, operation.Io) { HardState = operation.HardState });
                break;
            case LogOperationKind.Append:
                var entries = new StoredEntry[operation.Entries.Length];
                for (var i = 0; i < entries.Length; i++) Written.Append(entries[i] = Store(operation.Entries[i], Written));
                _pending.Enqueue(
                    new StorageOperation(EffectKind.AppendEntries, operation.Io) { Entries = entries, Count = entries.Length });
                break;
            case LogOperationKind.Truncate:
                Written.TruncateFrom(operation.From);
                _pending.Enqueue(new StorageOperation(EffectKind.TruncateSuffix, operation.Io) { Index = operation.From });
                break;
            case LogOperationKind.BeginAfter:
                var record = new SnapshotRecord(operation.Snapshot, chainOf(operation.Snapshot), operation.Configuration!);
                BeginAfter(Written, record);
                _pending.Enqueue(new StorageOperation(EffectKind.InstallSnapshot, operation.Io) { Snapshot = record });
                break;
            case LogOperationKind.Nothing:
                _pending.Enqueue(new StorageOperation(EffectKind.CompactPrefix, operation.Io));
                break;
            default: break;
        }
    }

    /// <summary>What has no number is durable with the next that has one.</summary>
    internal void OnDurable(IoSeq upTo)
    {
        var (count, durable) = (0, 0);
        foreach (var operation in _pending)
        {
            if (operation.Io > upTo) break;
            count++;
            if (operation.Io != IoSeq.Now) durable = count;
        }

        while (durable-- > 0) Carry(Durable, _pending.Dequeue());
    }

    /// <summary>An entry as it stands in a log: the checksum of its bytes stands for the bytes.</summary>
    internal static StoredEntry Store(in ReplicaEntry entry, LogImage after)
    {
        var known = entry.Ref with { Payload = new PayloadHandle(entry.Ref.Crc) };
        var configuration = known.Kind == EntryKind.Configuration && ConfigurationCodec.TryRead(entry.Payload.Span, out var read)
            ? read : null;
        return new StoredEntry(known, configuration, StoredEntry.ChainOf(after.LastChain, known));
    }

    /// <summary>
    /// Whether a start may find this: all that was durable, and of what was still on its way any part from its beginning.
    /// Each start counts its boot up, so one that has no later boot reads an older file, even if the log in it is the same.
    /// </summary>
    internal bool Explains(DiskImage found)
    {
        if (found.Boots <= Durable.Boots) return false;
        _scratch.CopyFrom(Durable);
        if (Same(found)) return true;
        foreach (var operation in _pending)
        {
            if (operation.Kind != EffectKind.AppendEntries)
            {
                Carry(_scratch, operation);
                if (Same(found)) return true;
                continue;
            }
            for (var i = 0; i < operation.Count; i++)
            {
                _scratch.Log.Append(operation.Entries![i]);
                if (Same(found)) return true;
            }
        }
        return false;
    }

    /// <summary>From now on this is the truth: what a start has found is durable.</summary>
    internal void Adopt(DiskImage found)
    {
        _pending.Clear();
        Durable.CopyFrom(found);
        Written.CopyFrom(found.Log);
    }

    private static void Carry(DiskImage image, in StorageOperation operation)
    {
        if (operation.Kind == EffectKind.InstallSnapshot) BeginAfter(image.Log, operation.Snapshot!);
        else image.Apply(operation);
    }

    /// <summary>Entries behind a snapshot stay if they follow it.</summary>
    private static void BeginAfter(LogImage log, SnapshotRecord snapshot)
    {
        var follows = log.Has(snapshot.Id.Index) && log.TermAt(snapshot.Id.Index) == snapshot.Id.Term;
        if (follows) log.CompactTo(snapshot.Id.Index);
        else if (snapshot.Id.Index > log.Boundary.Index) log.Reset(snapshot);
    }

    private bool Same(DiskImage found) =>
        _scratch.HardState == found.HardState && _scratch.Log.Last == found.Log.Last && _scratch.Log.LastChain == found.Log.LastChain
        && _scratch.Log.Boundary == found.Log.Boundary;
}

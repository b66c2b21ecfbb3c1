using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica.Inputs;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Retention;
using Balsa.Storage.Steps;

namespace Balsa.Node.Snapshots;

/// <summary>What the pieces of work on snapshots share. Only their lane touches it, except for what says otherwise.</summary>
internal sealed class ShelfState<TProbe>(
    SnapshotDirectory directory, SnapshotStore<TProbe> store, SnapshotShelfOptions options, IParcelPost post,
    Func<ReplicaInput, bool> tell)
    where TProbe : struct, IStorageProbe
{
    private const long AgainAfterTicks = TimeSpan.TicksPerMillisecond;

    private readonly Dictionary<EntryId, long> _logBytesAt = [];
    private readonly Queue<ReplicaInput> _untold = new();
    private ulong _durable;
    private long _logBytes;

    internal SnapshotDirectory Directory { get; } = directory;

    internal SnapshotStore<TProbe> Store { get; } = store;

    internal SnapshotShelfOptions Options { get; } = options;

    internal IParcelPost Post { get; } = post;

    /// <summary>Snapshots that are on their way to somebody.</summary>
    internal List<EntryId> Sent { get; } = [];

    internal bool IsStopping { get; set; }

    /// <summary>Something waits to be told to a replica that is busy.</summary>
    internal bool HasUntold => _untold.Count > 0;

    internal long RetryTicks => HasUntold ? AgainAfterTicks : Timeout.Infinite;

    /// <summary>May be asked and set by any thread.</summary>
    internal LogIndex Durable
    {
        get => new(Volatile.Read(ref _durable));
        set => Volatile.Write(ref _durable, value.Value);
    }

    /// <summary>May be asked and set by any thread.</summary>
    internal long LogBytes
    {
        get => Volatile.Read(ref _logBytes);
        set => Volatile.Write(ref _logBytes, value);
    }

    /// <summary>Nothing that is told is lost, and nothing overtakes.</summary>
    internal void Tell(ReplicaInput input)
    {
        _untold.Enqueue(input);
        TellAgain();
    }

    internal void TellAgain()
    {
        while (_untold.TryPeek(out var next) && tell(next)) _untold.Dequeue();
    }

    internal void NoteLogBytes(EntryId snapshot, long bytes) => _logBytesAt[snapshot] = bytes;

    /// <summary>Deletes what nobody needs.</summary>
    internal IEnumerable<IoStep> Prune(IoStep step) => Store.Prune(step, Durable);

    /// <summary>The snapshot from which on the log on disk is needed.</summary>
    internal (EntryId Id, Configuration Configuration)? KeptFrom()
    {
        var policy = new RetentionPolicy(Options.Retention);
        var snapshots = Store.Snapshots.Where(snapshot => snapshot is { IsUsable: true, Head: not null }).ToArray();
        if (snapshots.Length == 0) return null;
        var points = snapshots.Select(snapshot => PointOf(snapshot.Id)).ToArray();
        List<EntryId> sent = default(TProbe).Plants(StorageMutant.LegalShelfForgetsTransfers) ? [] : Sent;
        var boundary = policy.CompactionBoundary(points, [.. sent.Select(PointOf)]);
        var kept = Array.Find(snapshots, snapshot => snapshot.Id.Index == boundary);
        return kept is null ? null : (kept.Id, kept.Head!.Configuration);
    }

    private LogPoint PointOf(EntryId snapshot) => new(snapshot.Index, LogBytes - _logBytesAt.GetValueOrDefault(snapshot));
}

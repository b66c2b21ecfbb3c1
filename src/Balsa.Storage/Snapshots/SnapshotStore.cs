using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Snapshots;

/// <summary>
/// Which snapshots there are, which of them can be used, and which may go. A damaged one is passed over for an older one;
/// the log is kept back to the oldest that is kept, so nothing is lost by that.
/// </summary>
public sealed class SnapshotStore<TProbe>(SnapshotDirectory directory, int generations = 2)
    where TProbe : struct, IStorageProbe
{
    private readonly List<StoredSnapshot> _snapshots = [];
    private readonly List<EntryId> _incoming = [];
    private readonly List<EntryId> _inUse = [];

    /// <summary>All that are durable under their names, the newest first.</summary>
    public IReadOnlyList<StoredSnapshot> Snapshots => _snapshots;

    /// <summary>Transfers that broke off and can go on, the newest first.</summary>
    public IReadOnlyList<EntryId> Incoming => _incoming;

    /// <summary>Why the last planner did not come to its end. A damaged snapshot is no reason; it has its own.</summary>
    public SnapshotProblem? Problem { get; private set; }

    public long Bytes
    {
        get
        {
            var sum = 0L;
            foreach (var snapshot in _snapshots) sum += snapshot.Bytes;
            return sum;
        }
    }

    /// <summary>
    /// At the start: what is there, with its heads checked. What an earlier process left half made is deleted, and names
    /// that it may have left unsynced are made durable before anything relies on them.
    /// </summary>
    public IEnumerable<IoStep> Open(IoStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return OpenNames(step);
    }

    /// <summary>
    /// Reads the usable ones from the newest on until one is whole from head to end, and gives it as <see cref="Newest"/>.
    /// One above the limit is left alone: it arrived from a leader, and the log had not heard of it before the crash.
    /// </summary>
    public IEnumerable<IoStep> FindNewest(IoStep step, LogIndex limit)
    {
        (Newest, Problem) = (null, null);
        foreach (var snapshot in _snapshots.ToArray())
        {
            if (snapshot.Id.Index > limit) continue;
            var isTrusted = snapshot.Check == SnapshotCheck.Whole || default(TProbe).Plants(StorageMutant.SnapshotNewestTrusted);
            if (snapshot.IsUsable && !isTrusted)
                foreach (var next in Look(step, snapshot, SnapshotCheck.Whole)) yield return next;
            if (snapshot.IsUsable) Newest = snapshot;
            // From a newer build, or of another cluster: to go back to an older state would be wrong.
            else if (!snapshot.Problem!.MayFallBack) Problem = snapshot.Problem;
            if (Newest is not null || Problem is not null) yield break;
        }
    }

    /// <summary>What the last <see cref="FindNewest"/> found.</summary>
    public StoredSnapshot? Newest { get; private set; }

    /// <summary>A writer or a transfer has made one durable under its name.</summary>
    public void OnPublished(SnapshotHead head, long bytes)
    {
        ArgumentNullException.ThrowIfNull(head);
        var id = head.Identity.Id;
        _snapshots.RemoveAll(s => s.Id == id);
        _incoming.Remove(id);
        _snapshots.Add(new StoredSnapshot(id, bytes) { Head = head, Check = SnapshotCheck.Whole });
        NewestFirst();
    }

    /// <summary>A transfer broke off and left what had arrived.</summary>
    public void OnInterrupted(EntryId id)
    {
        _incoming.Remove(id);
        _incoming.Add(id);
        NewestFirst();
    }

    /// <summary>Somebody read one, and found it whole or not.</summary>
    public void OnRead(EntryId id, SnapshotProblem? problem)
    {
        if (_snapshots.Find(s => s.Id == id) is not { } snapshot) return;
        snapshot.Problem = problem;
        if (problem is null) snapshot.Check = SnapshotCheck.Whole;
    }

    /// <summary>A transfer or a reader needs the file; it stays until <see cref="Release"/>, called as often as this.</summary>
    public void Use(EntryId id) => _inUse.Add(id);

    public void Release(EntryId id) => _inUse.Remove(id);

    /// <summary>
    /// Deletes what nobody needs: older than the newest generations, of which only those count that are known to be whole
    /// and that the durable log reaches. Of partial transfers the newest stays, until what it would bring is there.
    /// </summary>
    public IEnumerable<IoStep> Prune(IoStep step, LogIndex logDurable)
    {
        Problem = null;
        var deleted = false;
        foreach (var (id, suffix) in Unneeded(logDurable))
        {
            yield return step.Delete(IoSite.DeleteSnapshot, directory.PathOf(id, suffix));
            if (step.Error is not (DiskError.None or DiskError.NotFound))
            {
                Problem = SnapshotProblem.OfStep(step);
                break;
            }
            deleted = true;
            if (suffix == SnapshotDirectory.Snapshot) _snapshots.RemoveAll(s => s.Id == id);
            else _incoming.Remove(id);
        }
        if (!deleted) yield break;
        yield return step.SyncDirectory(IoSite.SyncPrunedNames, directory.Path);
        if (step.Failed) Problem ??= SnapshotProblem.OfStep(step);
    }

    private List<(EntryId Id, string Suffix)> Unneeded(LogIndex logDurable)
    {
        var unneeded = new List<(EntryId, string)>();
        var kept = 0;
        var newest = LogIndex.Zero;
        foreach (var snapshot in _snapshots)
        {
            if (kept >= generations && !_inUse.Contains(snapshot.Id)) unneeded.Add((snapshot.Id, SnapshotDirectory.Snapshot));
            // One ahead of the log is not what the next start begins with, so it takes nobody's place.
            if (!snapshot.IsUsable || snapshot.Check != SnapshotCheck.Whole || snapshot.Id.Index > logDurable) continue;
            newest = LogIndex.Larger(newest, snapshot.Id.Index);
            kept++;
        }
        for (var i = 0; i < _incoming.Count; i++)
            if ((i > 0 || _incoming[i].Index <= newest) && !_inUse.Contains(_incoming[i]))
                unneeded.Add((_incoming[i], SnapshotDirectory.Incoming));
        // The oldest first: broken off anywhere, the newer ones are still there.
        unneeded.Reverse();
        return unneeded;
    }

    private IEnumerable<IoStep> OpenNames(IoStep step)
    {
        Problem = null;
        _snapshots.Clear();
        _incoming.Clear();
        yield return step.List(IoSite.ListSnapshots, directory.Path);
        if (Note(step)) yield break;
        var leftovers = new List<string>();
        foreach (var name in step.Names) Sort(name, leftovers);
        NewestFirst();
        leftovers.Sort(StringComparer.Ordinal);
        foreach (var name in leftovers)
        {
            yield return step.Delete(IoSite.DeleteSnapshot, directory.PathOf(name));
            // It only takes room, and the next start tries again.
            _ = step.Failed;
        }
        // A process that died between a rename and its sync leaves a name that the next power cut takes back. The log is
        // compacted and older snapshots are deleted because of what stands here, so it must stand firmly.
        if (!default(TProbe).Plants(StorageMutant.SnapshotPrunedBeforeNewIsSafe))
        {
            yield return step.SyncDirectory(IoSite.SyncPrunedNames, directory.Path);
            if (Note(step)) yield break;
        }
        foreach (var snapshot in _snapshots)
            foreach (var next in Look(step, snapshot, SnapshotCheck.Head)) yield return next;
    }

    private void Sort(string name, List<string> leftovers)
    {
        if (SnapshotDirectory.TryParse(name, SnapshotDirectory.Snapshot, out var id)) _snapshots.Add(new StoredSnapshot(id, 0));
        else if (SnapshotDirectory.TryParse(name, SnapshotDirectory.Incoming, out id)) _incoming.Add(id);
        else if (SnapshotDirectory.TryParse(name, SnapshotDirectory.Part, out _)) leftovers.Add(name);
    }

    private IEnumerable<IoStep> Look(IoStep step, StoredSnapshot snapshot, SnapshotCheck check)
    {
        var reader = new SnapshotReader<TProbe>(directory.PathOf(snapshot.Id), directory.IdentityOf(snapshot.Id));
        foreach (var next in check == SnapshotCheck.Whole ? reader.ReadWhole(step) : reader.ReadHead(step)) yield return next;
        (snapshot.Bytes, snapshot.Head, snapshot.Problem) = (reader.FileBytes, reader.Head ?? snapshot.Head, reader.Problem);
        if (reader.Problem is null) snapshot.Check = check;
    }

    private bool Note(IoStep step)
    {
        if (step.Failed) Problem = SnapshotProblem.OfStep(step);
        return Problem is not null;
    }

    private void NewestFirst()
    {
        // An index decides; two terms at one index can only be there when one of them was never committed.
        _snapshots.Sort((a, b) => Compare(b.Id, a.Id));
        _incoming.Sort((a, b) => Compare(b, a));
    }

    private static int Compare(EntryId a, EntryId b) => a.Index == b.Index ? a.Term.CompareTo(b.Term) : a.Index.CompareTo(b.Index);
}

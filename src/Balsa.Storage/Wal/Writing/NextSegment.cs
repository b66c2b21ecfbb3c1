using Balsa.Raft;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Wal.Writing;

/// <summary>
/// Turns a spare into the next segment of the log. Head and first records repeat what older segments may have said last,
/// are synced, and only then the segment gets its name.
/// </summary>
internal sealed class NextSegment<TProbe>(WalOptions options, DirectoryIdentity owner, string directory, LogState state, IoStep io)
    where TProbe : struct, IStorageProbe
{
    private readonly byte[] _head = new byte[options.BlockBytes];
    private readonly WalBatch _records = new(options);

    internal LiveSegment? Begun { get; private set; }

    /// <param name="spare">Its file is open.</param>
    /// <param name="left">The segment so far; none for the first of a directory.</param>
    internal IEnumerable<IoStep> Begin(SpareSegment spare, LiveSegment? left) =>
        Begin(spare, (left?.Sequence ?? 0) + 1, left is null ? default : new LogPlace(left.Sequence, left.End, left.Chain));

    /// <param name="previous">Where the log continues from. What lies behind that place, there and in later segments, is void.</param>
    internal IEnumerable<IoStep> Begin(SpareSegment spare, ulong sequence, LogPlace previous)
    {
        _records.Clear();
        Repeat();
        var forgets = default(TProbe).Plants(StorageMutant.HardStateNotRepeated);
        var head = new SegmentHead(owner, sequence, spare.Bytes, options.BlockBytes)
        {
            Epoch = state.Epoch, Previous = previous, Group = options.Group,
            Promises = state.Promises with { HardState = forgets ? default : state.HardState },
            BegunUpTo = 3 * (uint)options.BlockBytes + (uint)_records.Bytes,
        };
        var live = new LiveSegment(spare.File, sequence, spare.Bytes, options.BlockBytes)
        {
            Chain = head.Write(_head), End = head.FirstRecord, Durable = head.FirstRecord,
        };
        state.Segments.Add(new Segment(sequence));
        var bytes = _records.Place(new RecordSealer<TProbe>(owner, state), live);
        Invariant.Check(_records.IsPlaced);
        yield return io.Write(IoSite.WriteHead, spare.File, 0, _head);
        io.OrStop();
        yield return io.Write(IoSite.WriteHead, spare.File, head.FirstRecord, bytes);
        io.OrStop();
        if (!default(TProbe).Plants(StorageMutant.HeadNotSynced))
        {
            yield return io.Sync(IoSite.SyncHead, spare.File);
            io.OrStop();
        }

        var name = Path.Combine(directory, SegmentName.OfLive(sequence));
        yield return io.Rename(IoSite.RenameSegment, spare.Path, name);
        io.OrStop();
        spare.File.Become(name);
        if (!default(TProbe).Plants(StorageMutant.SegmentNameNotSynced))
        {
            yield return io.SyncDirectory(IoSite.SyncSegmentName, directory);
            io.OrStop();
        }

        live.Durable = live.End;
        Begun = live;
    }

    private void Repeat()
    {
        _records.BeginAfter(options.Group, state.Base, state.BaseConfiguration);
        foreach (var peer in state.Peers) _records.NotePeer(options.Group, peer);
        if (state.Lost is { } lost) _records.AddLost(options.Group, lost);
    }
}

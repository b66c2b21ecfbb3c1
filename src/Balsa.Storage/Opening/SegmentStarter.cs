using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.State;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Storage.Opening;

/// <summary>Begins a segment while a directory is opened: in one of the spares that are there, or in a new one.</summary>
internal sealed class SegmentStarter<TProbe>(
    WalOptions wal, DirectoryIdentity owner, string path, DirectoryListing listing, LogState state, IoStep io)
    where TProbe : struct, IStorageProbe
{
    private readonly string _log = Path.Combine(path, DirectoryNames.Log);
    private SpareSegment? _spare;

    internal LiveSegment? Begun { get; private set; }

    internal IEnumerable<IoStep> Begin(ulong sequence, LogPlace previous)
    {
        foreach (var step in FindSpare()) yield return step;
        var next = new NextSegment<TProbe>(wal, owner, _log, state, io);
        foreach (var step in next.Begin(_spare!, sequence, previous)) yield return step;
        Begun = next.Begun;
    }

    /// <summary>The segment before says that there is a next one, so that a missing one is missed.</summary>
    internal IEnumerable<IoStep> MarkAsLeft(LogPlace end, CloseMark newest, int blockBytes)
    {
        var file = new StoredFile(Path.Combine(_log, SegmentName.OfLive(end.Sequence)));
        yield return io.Open(IoSite.OpenSegment, file);
        io.OrRefuse(path);
        var number = newest.Number + 1;
        var bytes = new byte[CloseMark.Bytes];
        var offset = CloseMark.OffsetOf(number, blockBytes);
        new CloseMark(number, end.End, end.Chain, state.Epoch)
        {
            Group = wal.Group, Promises = state.Promises, LeftForNext = true,
        }.Write(bytes, new SegmentSalt<TProbe>(owner.Incarnation, end.Sequence), offset);
        yield return io.Write(IoSite.WriteClose, file, offset, bytes);
        io.OrRefuse(path);
        yield return io.Sync(IoSite.SyncClose, file);
        io.OrRefuse(path);
        yield return io.Close(file);
        _ = io.Error;
    }

    private IEnumerable<IoStep> FindSpare()
    {
        _spare = null;
        while (listing.Spares.Count > 0)
        {
            var name = Path.Combine(_log, SegmentName.OfSpare(listing.Spares[0]));
            listing.Spares.RemoveAt(0);
            var file = new StoredFile(name);
            yield return io.Open(IoSite.OpenSegment, file);
            io.OrRefuse(path);
            if (io.Count == wal.SegmentBytes)
            {
                _spare = new SpareSegment(file, name, wal.SegmentBytes);
                yield break;
            }

            yield return io.Close(file);
            _ = io.Error;
            yield return io.Delete(IoSite.DeleteLeftover, name);
            io.OrRefuse(path);
        }

        var maker = new SpareMaker<TProbe>(wal, _log, io);
        foreach (var step in maker.Make(listing.NextNumber++, () => 0)) yield return step;
        _spare = maker.Made ?? throw new StorageException(
            $"There is no room for a log file of {wal.SegmentBytes} bytes in {_log}. Make room, or choose another directory.");
    }
}

using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal.Format;

namespace Balsa.Storage.Wal.Writing;

/// <summary>
/// Makes a segment that is ready to be used: full of zeros that were really written, because a sync of written blocks
/// touches no metadata, and because room that is taken cannot run out in the middle of a batch.
/// </summary>
internal sealed class SpareMaker<TProbe>(WalOptions options, string directory, IoStep io) where TProbe : struct, IStorageProbe
{
    private const int PieceBytes = 1 << 20;
    private static readonly byte[] Zeros = new byte[PieceBytes];

    /// <summary>The result; none when there was no room.</summary>
    internal SpareSegment? Made { get; private set; }

    /// <param name="number">For its name.</param>
    /// <param name="pauseTicks">
    /// Asked after every piece: how long to leave the disk to others. The pieces are synced one by one for the same reason:
    /// one sync of a whole segment would make the log's own wait behind all of it, longer than an election takes.
    /// </param>
    internal IEnumerable<IoStep> Make(ulong number, Func<long> pauseTicks)
    {
        Made = null;
        var unfinished = Path.Combine(directory, SegmentName.OfUnfinished(number));
        var path = Path.Combine(directory, SegmentName.OfSpare(number));
        var file = new StoredFile(unfinished);
        yield return io.Create(IoSite.CreateSpare, file);
        var lacksRoom = LacksRoom();
        for (long at = 0; at < options.SegmentBytes && !lacksRoom; at += PieceBytes)
        {
            var piece = Zeros.AsMemory(0, (int)Math.Min(PieceBytes, options.SegmentBytes - at));
            yield return io.Write(IoSite.ZeroSpare, file, at, piece);
            lacksRoom = LacksRoom();
            if (lacksRoom || default(TProbe).Plants(StorageMutant.SpareNotZeroed)) continue;
            yield return io.Sync(IoSite.SyncSpare, file);
            lacksRoom = LacksRoom();
            if (pauseTicks() is > 0 and var pause) yield return io.Wait(pause);
        }

        if (!lacksRoom)
        {
            yield return io.Rename(IoSite.RenameSpare, unfinished, path);
            lacksRoom = LacksRoom();
        }

        if (lacksRoom)
        {
            // What was made of it goes away again; nothing depends on whether that succeeds.
            if (file.IsOpen) yield return io.Close(file);
            _ = io.Error;
            yield return io.Delete(IoSite.CloseFile, unfinished);
            _ = io.Error;
            yield break;
        }

        file.Become(path);
        // The name need not be durable: a spare that is gone after a crash is made again.
        Made = new SpareSegment(file, path, options.SegmentBytes);
    }

    /// <summary>No room is a matter of time. Anything else that fails here would fail for entries, too.</summary>
    private bool LacksRoom()
    {
        if (!io.Failed) return false;
        if (FaultTable.Of(io.Site, io.Error) != Reaction.BackPressure) io.OrStop();
        return true;
    }
}

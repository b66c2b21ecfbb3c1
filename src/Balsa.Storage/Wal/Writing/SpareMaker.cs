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
    private const int ZeroBytes = 1 << 20;
    private static readonly byte[] Zeros = new byte[ZeroBytes];

    /// <summary>The result; none when there was no room.</summary>
    internal SpareSegment? Made { get; private set; }

    internal IEnumerable<IoStep> Make(ulong number)
    {
        Made = null;
        var unfinished = Path.Combine(directory, SegmentName.OfUnfinished(number));
        var path = Path.Combine(directory, SegmentName.OfSpare(number));
        var file = new StoredFile(unfinished);
        yield return io.Create(IoSite.CreateSpare, file);
        var lacksRoom = LacksRoom();
        for (long at = 0; at < options.SegmentBytes && !lacksRoom; at += ZeroBytes)
        {
            yield return io.Write(IoSite.ZeroSpare, file, at, Zeros.AsMemory(0, (int)Math.Min(ZeroBytes, options.SegmentBytes - at)));
            lacksRoom = LacksRoom();
        }

        if (!lacksRoom && !default(TProbe).Plants(StorageMutant.SpareNotZeroed))
        {
            yield return io.Sync(IoSite.SyncSpare, file);
            lacksRoom = LacksRoom();
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

using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.Recovering;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Opening;

/// <summary>
/// Makes a directory: the log first, the identity last. A crash in between leaves a log that never promised anything, and
/// the next start makes everything anew.
/// </summary>
internal sealed class FirstStart<TProbe>(
    OpeningOptions options, DirectoryIdentity owner, DirectoryListing listing, LogState state, SegmentStarter<TProbe> starter, IoStep io)
    where TProbe : struct, IStorageProbe
{
    private readonly string _log = Path.Combine(options.Path, DirectoryNames.Log);
    private bool _isUsed;

    internal IEnumerable<IoStep> Run()
    {
        if (listing.Segments.Count > 0)
        {
            foreach (var step in RemoveUnused()) yield return step;
        }

        state.Found(options.Founding);
        yield return io.MakeDirectory(IoSite.MakeDirectory, _log);
        io.OrRefuse(options.Path);
        var identity = new IdentityFile<TProbe>(options.Path, io);
        if (Plants(StorageMutant.IdentityWrittenFirst))
        {
            foreach (var step in identity.Write(owner)) yield return step;
        }

        foreach (var step in starter.Begin(1, default)) yield return step;
        if (!Plants(StorageMutant.DirectoryNotSynced))
        {
            yield return io.SyncDirectory(IoSite.MakeDirectory, options.Path);
            io.OrRefuse(options.Path);
        }

        foreach (var step in SyncParents()) yield return step;
        foreach (var step in identity.Write(owner)) yield return step;
    }

    /// <summary>
    /// An earlier process may have made directories above this one and ended before their names were durable. Those that may
    /// not be opened were there before any of ours.
    /// </summary>
    private IEnumerable<IoStep> SyncParents()
    {
        for (var path = Path.GetDirectoryName(options.Path); !string.IsNullOrEmpty(path); path = Path.GetDirectoryName(path))
        {
            yield return io.SyncDirectory(IoSite.SyncParent, path);
            if (io.Error != DiskError.Denied) io.OrRefuse(options.Path);
        }
    }

    private static bool Plants(StorageMutant mutant) => default(TProbe).Plants(mutant);

    private IEnumerable<IoStep> RemoveUnused()
    {
        foreach (var step in LookWhetherUsed()) yield return step;
        if (_isUsed)
        {
            throw new StorageException(
                $"{options.Path} has a log but no identity, so nobody can say whose log it is. "
                + "Restore the identity file, or replace this member.");
        }

        yield return io.Delete(IoSite.DeleteLeftover, Path.Combine(_log, SegmentName.OfLive(1)));
        io.OrRefuse(options.Path);
        listing.Segments.Clear();
    }

    /// <summary>Unused is a first segment that nothing was written to: not even the number of a start.</summary>
    private IEnumerable<IoStep> LookWhetherUsed()
    {
        _isUsed = true;
        if (listing.Segments.Count > 1 || listing.Segments[0] != 1) yield break;
        var file = new StoredFile(Path.Combine(_log, SegmentName.OfLive(1)));
        yield return io.OpenToRead(IoSite.OpenSegment, file);
        io.OrRefuse(options.Path);
        var bytes = new byte[SegmentHead.BlockBytesMax];
        yield return io.Read(IoSite.ReadSegment, file, 0, bytes);
        io.OrRefuse(options.Path);
        var head = SegmentHead.TryRead(bytes.AsSpan(0, (int)io.Count), out _);
        yield return io.Close(file);
        _ = io.Error;
        if (head is null) yield break;
        var found = new LogState();
        var recovery = new LogRecovery<TProbe>(head.Owner, _log, found, io);
        foreach (var step in recovery.Run(listing.Segments)) yield return step;
        _isUsed = recovery.Damage is not null || found.Boot.Value > 0;
    }
}

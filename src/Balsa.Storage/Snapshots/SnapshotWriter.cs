using Balsa.Raft;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Snapshots;

/// <summary>
/// Makes one snapshot: writes it under a temporary name, syncs it, gives it its name and syncs the name. Whatever fails,
/// the snapshot is given up and nothing else suffers. One use each; memory is one block.
/// </summary>
public sealed class SnapshotWriter<TProbe>
    where TProbe : struct, IStorageProbe
{
    private readonly SnapshotDirectory _directory;
    private readonly SnapshotHead _head;
    private readonly StoredFile _file;
    private readonly byte[] _block;
    private SnapshotChain _chain;
    private bool _isRenamed, _isAbandoned;

    public SnapshotWriter(SnapshotDirectory directory, SnapshotHead head)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(head);
        Invariant.Check(head.Identity == directory.IdentityOf(head.Identity.Id));
        (_directory, _head) = (directory, head);
        _file = new StoredFile(directory.PathOf(head.Identity.Id, SnapshotDirectory.Part));
        _block = new byte[BlockHeader.Bytes + Math.Max(head.BlockBytes, SnapshotChain.EndDataBytes)];
    }

    public SnapshotHead Head => _head;

    /// <summary>It is durable under its name, and may be relied on.</summary>
    public bool IsPublished { get; private set; }

    /// <summary>Why it was given up.</summary>
    public SnapshotProblem? Problem { get; private set; }

    /// <summary>How large the file is, so far or in the end.</summary>
    public long FileBytes => _chain.Position;

    /// <summary>From outside, between two steps: nobody wants it any more. The planner cleans up and ends.</summary>
    public void Abandon() => _isAbandoned = true;

    /// <param name="step">The step that is yielded.</param>
    /// <param name="source">Gives the content in slices.</param>
    /// <param name="isLogDurable">
    /// Whether the log is durable through the snapshot's index. State is applied when it is committed, which may be before
    /// this member's own disk has it; a snapshot ahead of the log would leave a hole between them after a crash.
    /// </param>
    public IEnumerable<IoStep> Write(IoStep step, ISnapshotSource source, Func<bool> isLogDurable)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(isLogDurable);
        return WriteOrGiveUp(step, source, isLogDurable);
    }

    private IEnumerable<IoStep> WriteOrGiveUp(IoStep step, ISnapshotSource source, Func<bool> isLogDurable)
    {
        foreach (var next in Fill(step, source)) yield return next;
        if (Problem is null && !default(TProbe).Plants(StorageMutant.SnapshotNotSynced))
        {
            yield return step.Sync(IoSite.SyncSnapshot, _file);
            Note(step);
        }
        if (_file.IsOpen)
        {
            yield return step.Close(_file);
            // The sync said what counts.
            _ = step.Failed;
        }
        while (Problem is null && !isLogDurable() && !IsUnwanted()) yield return step.Wait();
        if (Problem is null)
            foreach (var next in Publish(step)) yield return next;
        if (Problem is not null && !_isRenamed)
        {
            yield return step.Delete(IoSite.DeleteSnapshot, _file.Path);
            // The next start deletes it.
            _ = step.Failed;
        }
    }

    private IEnumerable<IoStep> Fill(IoStep step, ISnapshotSource source)
    {
        yield return step.Create(IoSite.CreateSnapshot, _file);
        if (Note(step)) yield break;
        var head = HeadCodec.Write(_head);
        yield return step.Write(IoSite.WriteSnapshot, _file, 0, head);
        if (Note(step)) yield break;
        _chain = new SnapshotChain(_head.Identity, head.Length, Crc(head));
        var filled = 0;
        while (true)
        {
            if (IsUnwanted()) yield break;
            var read = source.Read(_block.AsSpan(BlockHeader.Bytes + filled, _head.BlockBytes - filled));
            if (read == ISnapshotSource.Later)
            {
                yield return step.Wait();
                continue;
            }
            Invariant.Check(read == ISnapshotSource.End || (read > 0 && read <= _head.BlockBytes - filled));
            if (read != ISnapshotSource.End) filled += read;
            if (filled == _head.BlockBytes || (read == ISnapshotSource.End && filled > 0))
            {
                foreach (var next in WriteBlock(step, _chain.Position, _chain.Seal(_block, filled))) yield return next;
                if (Problem is not null) yield break;
                filled = 0;
            }
            if (read == ISnapshotSource.End) break;
        }
        var end = _chain.Position;
        _chain.SealEnd(_block);
        foreach (var next in WriteBlock(step, end, SnapshotChain.EndBytes)) yield return next;
    }

    private IEnumerable<IoStep> WriteBlock(IoStep step, long position, int length)
    {
        yield return step.Write(IoSite.WriteSnapshot, _file, position, _block.AsMemory(0, length));
        if (Note(step) || !default(TProbe).Plants(StorageMutant.LegalSnapshotSyncedByBlock)) yield break;
        yield return step.Sync(IoSite.SyncSnapshot, _file);
        Note(step);
    }

    private IEnumerable<IoStep> Publish(IoStep step)
    {
        yield return step.Rename(IoSite.RenameSnapshot, _file.Path, _directory.PathOf(_head.Identity.Id));
        if (Note(step)) yield break;
        _isRenamed = true;
        if (!default(TProbe).Plants(StorageMutant.SnapshotNameNotSynced))
        {
            yield return step.SyncDirectory(IoSite.SyncSnapshotName, _directory.Path);
            // It has its name, but nobody knows whether it keeps it. What is there is whole, so it stays, unused.
            if (Note(step)) yield break;
        }
        IsPublished = true;
    }

    private bool IsUnwanted()
    {
        if (_isAbandoned)
            Problem ??= new SnapshotProblem(SnapshotProblemKind.Abandoned, _file.Path, "nobody wanted it any more");
        return _isAbandoned;
    }

    private bool Note(IoStep step)
    {
        if (!step.Failed) return false;
        Problem = SnapshotProblem.OfStep(step);
        return true;
    }

    private static uint Crc(ReadOnlySpan<byte> head) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(head[^4..]);
}

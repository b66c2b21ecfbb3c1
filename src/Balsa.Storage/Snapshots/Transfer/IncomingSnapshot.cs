using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Snapshots.Transfer;

/// <summary>
/// Takes a snapshot in from another member. Chunks are checked as they arrive and written block by block; what was
/// written before a break is checked again and need not be sent again. It gets its name when all of it has been read back
/// from the disk and is right.
/// </summary>
public sealed class IncomingSnapshot<TProbe>
    where TProbe : struct, IStorageProbe
{
    private readonly SnapshotDirectory _directory;
    private readonly EntryId _id;
    private readonly StoredFile _file;
    private SnapshotScan<TProbe> _scan;

    // What arrived since the last border: whole pieces, then the beginning of one.
    private byte[] _pending = new byte[HeadCodec.StartBytes];
    private int _filled, _checked;
    private long _fileBytes = -1, _foundBytes;
    private bool _isUnderWay, _isResumed;

    public IncomingSnapshot(SnapshotDirectory directory, EntryId id)
    {
        ArgumentNullException.ThrowIfNull(directory);
        (_directory, _id) = (directory, id);
        _file = new StoredFile(directory.PathOf(id, SnapshotDirectory.Incoming));
        _scan = NewScan();
    }

    /// <summary>What to tell the sender when a transfer begins or goes on.</summary>
    public SnapshotResume Resume => new(_id, _scan.CheckedBytes, _scan.Checksum);

    /// <summary>Where the next chunk must begin.</summary>
    public long Expected => _scan.CheckedBytes + _filled;

    /// <summary>All has arrived, and <see cref="Finish"/> may be called.</summary>
    public bool IsComplete => _scan.IsWhole;

    /// <summary>It is durable under its name.</summary>
    public bool IsPublished { get; private set; }

    public SnapshotHead? Head => _scan.Head;

    /// <summary>How much of the file is checked and written; all of it when it is complete.</summary>
    public long FileBytes => _scan.CheckedBytes;

    public ChunkAnswer Answer { get; private set; }

    /// <summary>Why the transfer ended.</summary>
    public SnapshotProblem? Problem { get; private set; }

    /// <summary>Opens what an earlier transfer left, and checks it block by block.</summary>
    public IEnumerable<IoStep> Begin(IoStep step)
    {
        Invariant.Check(!_file.IsOpen && !IsPublished);
        (Problem, Answer, _fileBytes) = (null, ChunkAnswer.None, -1);
        yield return step.Open(IoSite.OpenIncoming, _file);
        if (step.Error == DiskError.NotFound)
        {
            foreach (var next in StartAnew(step)) yield return next;
            yield break;
        }
        if (Note(step)) yield break;
        _foundBytes = step.Count;
        _scan = NewScan();
        var pieces = new FileScan<TProbe>(_file, IoSite.ReadIncoming, _scan);
        var trusts = default(TProbe).Plants(StorageMutant.SnapshotResumedUnchecked);
        foreach (var next in pieces.Whole(step, _foundBytes, trustsData: trusts)) yield return next;
        if (pieces.Failure is not null)
        {
            Problem = pieces.Failure;
            foreach (var next in End(step, keeps: false)) yield return next;
            yield break;
        }
        if (_scan.CheckedBytes == 0)
        {
            foreach (var next in Restart(step)) yield return next;
            yield break;
        }
        // A block that a crash tore is only the end of what need not be sent again.
        _scan.GoBackToBorder();
        (_filled, _checked, _isUnderWay, _isResumed) = (0, 0, true, true);
    }

    /// <summary>The sender has another file: drop what is here and take everything from the start.</summary>
    public IEnumerable<IoStep> Restart(IoStep step)
    {
        if (_file.IsOpen)
        {
            yield return step.Close(_file);
            _ = step.Failed;
        }
        foreach (var next in StartAnew(step)) yield return next;
    }

    /// <summary>Takes the next chunk; <see cref="Answer"/> says how it went.</summary>
    public IEnumerable<IoStep> OnChunk(IoStep step, SnapshotChunk chunk)
    {
        Answer = Look(chunk);
        if (Answer != ChunkAnswer.Accepted) yield break;
        _fileBytes = chunk.FileBytes;
        var left = chunk.Bytes;
        while (!left.IsEmpty)
        {
            if (_scan.Needs == 0) Answer = ChunkAnswer.BeyondEnd;
            else if (!TakePiece(ref left)) Answer = ChunkAnswer.Damaged;
            if (Answer != ChunkAnswer.Accepted)
            {
                Forget();
                yield break;
            }
            if (!_scan.IsAtBorder || _checked == 0 || _checked != _filled) continue;
            yield return step.Write(IoSite.WriteIncoming, _file, _scan.CheckedBytes - _filled, _pending.AsMemory(0, _filled));
            (_filled, _checked) = (0, 0);
            if (!Note(step)) continue;
            Answer = ChunkAnswer.DiskFailed;
            foreach (var next in End(step, keeps: false)) yield return next;
            yield break;
        }
    }

    /// <summary>Makes it durable, reads all of it back, and gives it its name.</summary>
    public IEnumerable<IoStep> Finish(IoStep step)
    {
        Invariant.Check(_isUnderWay);
        if (!_scan.IsWhole)
        {
            Problem = new SnapshotProblem(SnapshotProblemKind.Incomplete, _file.Path, $"only {Expected} bytes have arrived")
            {
                Offset = Expected,
            };
            foreach (var next in End(step, keeps: true)) yield return next;
            yield break;
        }
        if (!default(TProbe).Plants(StorageMutant.SnapshotNotSynced))
        {
            yield return step.Sync(IoSite.SyncIncoming, _file);
            Note(step);
        }
        if (Problem is null && !(_isResumed && default(TProbe).Plants(StorageMutant.SnapshotResumedUnchecked)))
            foreach (var next in ReadBack(step)) yield return next;
        foreach (var next in End(step, keeps: Problem is null)) yield return next;
        if (Problem is null)
            foreach (var next in Publish(step)) yield return next;
    }

    /// <summary>The connection broke, or the leader changed. What has arrived stays for the next time.</summary>
    public IEnumerable<IoStep> Interrupt(IoStep step) => End(step, keeps: true);

    /// <summary>Nobody wants it any more.</summary>
    public IEnumerable<IoStep> Discard(IoStep step) => End(step, keeps: false);

    private ChunkAnswer Look(in SnapshotChunk chunk)
    {
        if (!_isUnderWay) return ChunkAnswer.NotUnderWay;
        if (chunk.Snapshot != _id || (_fileBytes >= 0 && chunk.FileBytes != _fileBytes)) return ChunkAnswer.OtherSnapshot;
        // A file cannot be cut, so a longer one of that name must go before this one fits.
        if (_foundBytes > chunk.FileBytes) return ChunkAnswer.OtherSnapshot;
        if (chunk.Offset < 0 || chunk.Offset > chunk.FileBytes - chunk.Bytes.Length) return ChunkAnswer.BeyondEnd;
        if (chunk.Offset == Expected || default(TProbe).Plants(StorageMutant.SnapshotOrderUnchecked)) return ChunkAnswer.Accepted;
        return chunk.Offset > Expected ? ChunkAnswer.Gap : ChunkAnswer.Overlap;
    }

    /// <summary>Moves bytes behind what is pending until a piece is whole, and has it checked.</summary>
    private bool TakePiece(ref ReadOnlyMemory<byte> left)
    {
        var needs = _scan.Needs;
        if (_pending.Length < _checked + needs) Array.Resize(ref _pending, _checked + needs);
        var taken = Math.Min(left.Length, _checked + needs - _filled);
        left.Span[..taken].CopyTo(_pending.AsSpan(_filled));
        left = left[taken..];
        _filled += taken;
        if (_filled < _checked + needs) return true;
        if (!_scan.Take(_pending.AsSpan(_checked, needs))) return false;
        _checked = _filled;
        return true;
    }

    private void Forget()
    {
        _scan.GoBackToBorder();
        (_filled, _checked) = (0, 0);
    }

    private IEnumerable<IoStep> StartAnew(IoStep step)
    {
        _isUnderWay = false;
        yield return step.Create(IoSite.OpenIncoming, _file);
        if (Note(step)) yield break;
        (_scan, _filled, _checked, _fileBytes, _foundBytes) = (NewScan(), 0, 0, -1, 0);
        (_isUnderWay, _isResumed) = (true, false);
    }

    private IEnumerable<IoStep> ReadBack(IoStep step)
    {
        var again = NewScan();
        var pieces = new FileScan<TProbe>(_file, IoSite.ReadIncoming, again);
        foreach (var next in pieces.Whole(step, Math.Max(_foundBytes, _fileBytes))) yield return next;
        Problem = pieces.Problem;
    }

    private IEnumerable<IoStep> Publish(IoStep step)
    {
        yield return step.Rename(IoSite.RenameIncoming, _file.Path, _directory.PathOf(_id));
        if (Note(step))
        {
            foreach (var next in Delete(step)) yield return next;
            yield break;
        }
        if (!default(TProbe).Plants(StorageMutant.SnapshotNameNotSynced))
        {
            yield return step.SyncDirectory(IoSite.SyncIncomingName, _directory.Path);
            if (Note(step)) yield break;
        }
        IsPublished = true;
    }

    private IEnumerable<IoStep> End(IoStep step, bool keeps)
    {
        Forget();
        _isUnderWay = false;
        if (_file.IsOpen)
        {
            yield return step.Close(_file);
            // What counts is checked when it is opened again, or was synced before.
            _ = step.Failed;
        }
        if (keeps) yield break;
        foreach (var next in Delete(step)) yield return next;
    }

    private IEnumerable<IoStep> Delete(IoStep step)
    {
        yield return step.Delete(IoSite.DeleteSnapshot, _file.Path);
        // What stays is checked before it is used again.
        _ = step.Failed;
    }

    private SnapshotScan<TProbe> NewScan() => new(_file.Path, _directory.IdentityOf(_id));

    private bool Note(IoStep step)
    {
        if (!step.Failed) return false;
        Problem = SnapshotProblem.OfStep(step);
        return true;
    }
}

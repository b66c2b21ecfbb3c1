using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Snapshots.Transfer;

/// <summary>Reads a stored snapshot as a file, for somebody who stores the very same bytes.</summary>
public sealed class SnapshotSender(SnapshotDirectory directory, EntryId id)
{
    private readonly StoredFile _file = new(directory.PathOf(id));
    private readonly SnapshotIdentity _identity = directory.IdentityOf(id);
    private readonly byte[] _header = new byte[BlockHeader.Bytes];

    public SnapshotHead? Head { get; private set; }

    public long FileBytes { get; private set; }

    public SnapshotProblem? Problem { get; private set; }

    /// <summary>Where to send from, once <see cref="Agree"/> has looked at what the receiver holds.</summary>
    public long StartAt { get; private set; }

    /// <summary>The receiver holds something else and must drop it first.</summary>
    public bool StartsAnew { get; private set; }

    /// <summary>What the last <see cref="Read"/> gave. Its bytes are in the buffer of the caller.</summary>
    public SnapshotChunk Chunk { get; private set; }

    public IEnumerable<IoStep> Open(IoStep step)
    {
        Invariant.Check(!_file.IsOpen);
        Problem = null;
        yield return step.OpenToRead(IoSite.OpenSnapshot, _file);
        if (Note(step)) yield break;
        FileBytes = step.Count;
        var scan = new SnapshotScan<NoStorageProbe>(_file.Path, _identity);
        var pieces = new FileScan<NoStorageProbe>(_file, IoSite.ReadSnapshot, scan);
        foreach (var next in pieces.Head(step)) yield return next;
        (Head, Problem) = (scan.Head, pieces.Problem);
    }

    /// <summary>
    /// Compares what the receiver holds with the own file. No need to read all of it: each block names the checksum that
    /// vouches for everything before it.
    /// </summary>
    public IEnumerable<IoStep> Agree(IoStep step, SnapshotResume held)
    {
        (StartAt, StartsAnew) = (0, held.Offset != 0);
        if (Problem is not null || held.Offset == 0 || held.Snapshot != id || held.Offset < 0 || held.Offset > FileBytes) yield break;
        var isAll = held.Offset == FileBytes;
        var position = isAll ? FileBytes - SnapshotChain.EndBytes : held.Offset;
        yield return step.Read(IoSite.ReadSnapshot, _file, position, _header);
        if (Note(step) || step.Count < _header.Length) yield break;
        if (!BlockHeader.TryRead(_header, _identity.Salt, position, out var header, out var checksum)) yield break;
        if ((isAll ? checksum : header.Chain) != held.Checksum) yield break;
        (StartAt, StartsAnew) = (held.Offset, false);
    }

    /// <summary>Fills the buffer from the offset on, as far as the file goes.</summary>
    public IEnumerable<IoStep> Read(IoStep step, long offset, Memory<byte> into)
    {
        Invariant.Check(offset >= 0 && offset <= FileBytes);
        Chunk = default;
        var bytes = into[..(int)Math.Min(into.Length, FileBytes - offset)];
        yield return step.Read(IoSite.ReadSnapshot, _file, offset, bytes);
        if (Note(step)) yield break;
        var end = offset + step.Count;
        if (step.Count == bytes.Length) Chunk = new SnapshotChunk(id, FileBytes, offset, bytes);
        else Problem = new SnapshotProblem(SnapshotProblemKind.Damaged, _file.Path, "the file became shorter") { Offset = end };
    }

    public IEnumerable<IoStep> Close(IoStep step)
    {
        if (!_file.IsOpen) yield break;
        yield return step.Close(_file);
        // Nothing was written, so nothing depends on how closing went.
        _ = step.Failed;
    }

    private bool Note(IoStep step)
    {
        if (!step.Failed) return false;
        Problem = SnapshotProblem.OfStep(step);
        return true;
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Inputs;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots.Transfer;
using Balsa.Storage.Steps;
using Balsa.Transport.Codec.Parcels.Snapshots;

namespace Balsa.Node.Snapshots.Jobs;

/// <summary>
/// Takes a leader's snapshot in: says what is here already, checks and stores pieces in their order, and says where to go on
/// when one is missing. What has arrived stays when it breaks off.
/// </summary>
internal sealed class Receiving<TProbe>(ShelfState<TProbe> shelf, MemberId leader, EntryId snapshot, LogIndex session)
    where TProbe : struct, IStorageProbe
{
    /// <summary>The sender's file is damaged when it keeps sending pieces that are wrong.</summary>
    private const int DamagedMax = 3;

    private readonly IncomingSnapshot<TProbe> _incoming = new(shelf.Directory, snapshot);
    private readonly Queue<SnapshotPiece> _pieces = new();
    private long _askedFor = -1;
    private int _damaged;
    private bool _isOver;

    internal EntryId Snapshot => snapshot;

    internal bool HasEnded { get; set; }

    internal bool IsFrom(MemberId member) => member == leader;

    /// <summary>Something else is expected now, or the sender begins again.</summary>
    internal void BreakOff() => _isOver = true;

    internal void OnPiece(SnapshotPiece piece)
    {
        // The sender keeps to its window; one that does not is not listened to.
        var isWanted = piece.Snapshot == snapshot && piece.Session == session;
        if (isWanted && _pieces.Count <= 4 * shelf.Options.WindowBytes / shelf.Options.PieceBytes) _pieces.Enqueue(piece);
    }

    internal IEnumerable<IoStep> Run()
    {
        var step = new IoStep();
        foreach (var next in _incoming.Begin(step)) yield return next;
        if (_incoming.Problem is null)
        {
            var held = _incoming.Resume;
            shelf.Post.Send(leader, new SnapshotHave(snapshot, session, held.Offset, held.Checksum));
        }

        while (!_isOver && !shelf.IsStopping && _incoming is { Problem: null, IsComplete: false })
        {
            if (!_pieces.TryDequeue(out var piece))
            {
                yield return step.Wait();
                continue;
            }

            foreach (var next in Take(step, piece)) yield return next;
        }

        if (_incoming is { Problem: null, IsComplete: true })
        {
            if (default(TProbe).Plants(StorageMutant.ShelfTellsArrivedTooEarly)) TellArrived();
            foreach (var next in _incoming.Finish(step)) yield return next;
        }

        if (_incoming.IsPublished)
        {
            foreach (var next in Publish(step)) yield return next;
            yield break;
        }

        if (_incoming.Problem is null)
        {
            foreach (var next in _incoming.Interrupt(step)) yield return next;
            shelf.Store.OnInterrupted(snapshot);
            yield break;
        }

        Refuse();
    }

    private IEnumerable<IoStep> Take(IoStep step, SnapshotPiece piece)
    {
        if (piece.StartsAnew)
            foreach (var next in _incoming.Restart(step)) yield return next;
        var chunk = new SnapshotChunk(piece.Snapshot, piece.FileBytes, piece.Offset, piece.Bytes);
        if (_incoming.Problem is null)
            foreach (var next in _incoming.OnChunk(step, chunk)) yield return next;
        switch (_incoming.Answer)
        {
            case ChunkAnswer.Accepted:
                _askedFor = -1;
                Answer(SnapshotTakenKind.Accepted);
                break;
            case ChunkAnswer.Damaged when ++_damaged < DamagedMax: Answer(SnapshotTakenKind.GoBack); break;
            case ChunkAnswer.Gap:
                // All that was on the way behind the gap is one gap.
                if (_askedFor != _incoming.Expected) Answer(SnapshotTakenKind.GoBack);
                _askedFor = _incoming.Expected;
                break;
            case ChunkAnswer.Overlap: break;
            default:
                foreach (var next in _incoming.Discard(step)) yield return next;
                Refuse();
                _isOver = true;
                break;
        }
    }

    private IEnumerable<IoStep> Publish(IoStep step)
    {
        shelf.Store.OnPublished(_incoming.Head!, _incoming.FileBytes);
        shelf.NoteLogBytes(snapshot, shelf.LogBytes);
        Answer(SnapshotTakenKind.Complete);
        TellArrived();
        foreach (var next in shelf.Prune(step)) yield return next;
    }

    private void TellArrived() => shelf.Tell(new SnapshotArrived(snapshot, _incoming.Head!.Configuration));

    private void Refuse()
    {
        Answer(SnapshotTakenKind.Refused);
        shelf.Tell(new SnapshotRefused(snapshot));
    }

    private void Answer(SnapshotTakenKind kind) =>
        shelf.Post.Send(leader, new SnapshotTaken(snapshot, session, Math.Max(0, _incoming.Expected), kind));
}

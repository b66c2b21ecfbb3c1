using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Inputs;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots.Transfer;
using Balsa.Storage.Steps;
using Balsa.Transport.Codec.Parcels.Snapshots;

namespace Balsa.Node.Snapshots.Jobs;

/// <summary>
/// Sends a stored snapshot to one member: asks what it holds, then pieces from there on, as many at a time as the window
/// allows. Whatever is lost on the way, the receiver says where to go on.
/// </summary>
internal sealed class Sending<TProbe>(ShelfState<TProbe> shelf, MemberId peer, EntryId snapshot, LogIndex session)
    where TProbe : struct, IStorageProbe
{
    private readonly SnapshotSender _sender = new(shelf.Directory, snapshot);
    private SnapshotHave? _have;
    private long _offset, _acknowledged;
    private bool _isOver, _isCalledOff, _mustAsk = true, _startsAnew;

    internal MemberId Peer => peer;

    internal EntryId Snapshot => snapshot;

    /// <summary>
    /// Nobody wants it any more, and nobody is told of its end: the next transfer to the same member may be under way by then,
    /// and it would be taken for the end of that one.
    /// </summary>
    internal void CallOff() => (_isOver, _isCalledOff) = (true, true);

    /// <summary>What was on the way is lost: the receiver is asked again what it holds.</summary>
    internal void OnPeerLost() => _mustAsk = true;

    internal void OnHave(SnapshotHave have)
    {
        if (have.Snapshot == snapshot && have.Session == session) _have = have;
    }

    internal void OnTaken(SnapshotTaken taken)
    {
        if (taken.Snapshot != snapshot || taken.Session != session || _isCalledOff) return;
        if (taken.Taken is SnapshotTakenKind.Refused or SnapshotTakenKind.Complete) _isOver = true;
        if (taken.Offset < 0 || taken.Offset > _sender.FileBytes) return;
        if (taken.Taken == SnapshotTakenKind.GoBack) (_offset, _acknowledged) = (taken.Offset, taken.Offset);
        if (taken.Offset <= _acknowledged || taken.Offset > _offset) return;
        _acknowledged = taken.Offset;
        shelf.Tell(new TransferMoved(peer, session, Ended: false));
    }

    internal IEnumerable<IoStep> Run()
    {
        var step = new IoStep();
        // From the disk to the wire it is copied, so one piece of memory is enough.
        var bytes = new byte[shelf.Options.PieceBytes];
        shelf.Store.Use(snapshot);
        shelf.Sent.Add(snapshot);
        foreach (var next in _sender.Open(step)) yield return next;
        while (!_isOver && !shelf.IsStopping && _sender.Problem is null)
        {
            if (_mustAsk)
            {
                (_mustAsk, _have, _offset, _acknowledged) = (false, null, long.MaxValue, long.MaxValue);
                shelf.Post.Send(peer, new SnapshotOpen(snapshot, session, _sender.FileBytes));
            }

            if (_have is { } have)
            {
                _have = null;
                foreach (var next in _sender.Agree(step, new SnapshotResume(have.Snapshot, have.Offset, have.Checksum))) yield return next;
                (_offset, _acknowledged, _startsAnew) = (_sender.StartAt, _sender.StartAt, _sender.StartsAnew);
            }

            if (_offset >= _sender.FileBytes || _offset - _acknowledged >= shelf.Options.WindowBytes)
            {
                yield return step.Wait();
                continue;
            }

            foreach (var next in _sender.Read(step, _offset, bytes)) yield return next;
            if (_sender.Problem is null) SendPiece();
        }

        foreach (var next in _sender.Close(step)) yield return next;
        shelf.Store.Release(snapshot);
        shelf.Sent.Remove(snapshot);
        if (!_isCalledOff) shelf.Tell(new TransferMoved(peer, session, Ended: true));
    }

    private void SendPiece()
    {
        var chunk = _sender.Chunk;
        // A go-back may have come while the disk was reading: then this piece is not the next one.
        if (chunk.Offset != _offset) return;
        shelf.Post.Send(
            peer, new SnapshotPiece(snapshot, session, chunk.FileBytes, chunk.Offset, _startsAnew && chunk.Offset == 0, chunk.Bytes));
        _offset += chunk.Bytes.Length;
    }
}

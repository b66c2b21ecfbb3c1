using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Raft.Probes;
using Balsa.Replica.Applying;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Snapshots;

/// <summary>Decides when the state is written to disk, and gives it out in slices until it is.</summary>
internal sealed class SnapshotMaking<TProbe>(
    RaftCore<TProbe> core, ISnapshotShelf shelf, IStateMachine machine, Action room, TProbe probe)
    where TProbe : struct, IProbe
{
    private IStateCapture? _capture;
    private CaptureBuffer? _buffer;
    private bool _isUnderWay, _wants;

    /// <summary>The newest one that is on disk.</summary>
    internal EntryId Newest { get; private set; }

    /// <summary>The log at the time of the newest one, or of the one under way.</summary>
    internal long LogBytesAt { get; private set; }

    private long _logBytesAtNext;
    private EntryId _before;

    internal void Begin(EntryId newest) => Newest = newest;

    /// <summary>Somebody wants one now, whatever has gathered.</summary>
    internal void Want() => _wants = true;

    /// <summary>Begins one when it is due.</summary>
    internal void Consider(Applier applier, long logBytes)
    {
        var applied = probe.Plants(Mutant.HostNamesEarlierState) ? _before : applier.Applied;
        _before = applier.Applied;
        if (_isUnderWay || applied.Index <= Newest.Index) return;
        if (!_wants && !shelf.IsDue(logBytes - LogBytesAt, applied.Index - Newest.Index)) return;
        var members = core.ConfigurationAt(applied.Index);
        // A member that joined does not know who founded the cluster before it has read of its own joining; a snapshot without
        // members would be worth nothing to anybody.
        if (members.IsEmpty) return;
        _capture = machine.Capture();
        if (_capture is null) return;
        _capture.Ready = room;
        (_wants, _isUnderWay, _logBytesAtNext) = (false, true, logBytes);
        _buffer = new CaptureBuffer(applier.LogTime, room);
        shelf.Make(new SnapshotOrder(applied, members, machine.Content, _buffer));
    }

    /// <summary>A slice of the state, if it is wanted; true while there is more to give at once.</summary>
    internal bool Work()
    {
        if (_capture is null || _buffer!.Fill(_capture)) return _capture is not null;
        if (_buffer.IsComplete) EndCapture();
        return false;
    }

    internal void OnMade(EntryId snapshot)
    {
        if (snapshot.Index > Newest.Index) (Newest, LogBytesAt) = (snapshot, Math.Max(LogBytesAt, _logBytesAtNext));
        End();
    }

    /// <summary>The next one is tried when the log has grown as much again.</summary>
    internal void OnFailed()
    {
        LogBytesAt = Math.Max(LogBytesAt, _logBytesAtNext);
        End();
    }

    /// <summary>The state is replaced by that of a leader's snapshot: what was begun of the old one is worth nothing.</summary>
    internal void OnAdopted(EntryId snapshot, long logBytes)
    {
        (Newest, LogBytesAt) = (snapshot, logBytes);
        Stop();
    }

    /// <summary>What was begun is given up: whoever writes it hears of it.</summary>
    internal void Stop()
    {
        if (_capture is null) return;
        _buffer!.Cut();
        EndCapture();
    }

    /// <summary>Whoever wrote it has said his last word.</summary>
    private void End()
    {
        EndCapture();
        _isUnderWay = false;
        _buffer?.Release();
    }

    private void EndCapture()
    {
        _capture?.Dispose();
        _capture = null;
    }
}

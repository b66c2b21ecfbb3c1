using Balsa.Node.Snapshots.Jobs;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Replica.Snapshots;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Retention;
using Balsa.Storage.Steps;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Snapshots;

namespace Balsa.Node.Snapshots;

/// <summary>
/// The snapshots of one member: made, restored, sent and taken in side by side, on one lane. Everybody else only leaves
/// messages for it.
/// </summary>
public sealed class SnapshotShelf<TProbe> : ISnapshotShelf where TProbe : struct, IStorageProbe
{
    private readonly ShelfState<TProbe> _state;
    private readonly SharedLane _lane = new();
    private readonly RetentionPolicy _policy;
    private readonly Lock _gate = new();
    private readonly List<Action> _messages = [];
    private readonly List<Action> _taken = [];
    private readonly List<Sending<TProbe>> _sending = [];
    private Receiving<TProbe>? _receiving;
    private (MemberId Leader, EntryId Snapshot) _expected;
    private (MemberId Leader, SnapshotOpen Open)? _opened;
    private long _newestBytes;
    private volatile bool _stopping, _waitsForLog;

    /// <param name="store">Opened.</param>
    /// <param name="tell">Where inputs of the replica go; false when it is too busy, and then they are offered again.</param>
    public SnapshotShelf(
        SnapshotDirectory directory, SnapshotStore<TProbe> store, SnapshotShelfOptions options, IParcelPost post,
        Func<ReplicaInput, bool> tell)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        _state = new ShelfState<TProbe>(directory, store, options, post, tell);
        _policy = new RetentionPolicy(options.Retention);
        _newestBytes = store.Newest?.Bytes ?? 0;
    }

    /// <summary>Wakes the lane.</summary>
    public Action Wake { get; set; } = () => { };

    public bool IsDue(long logBytesSince, ulong entriesSince) =>
        _policy.IsSnapshotDue(logBytesSince, entriesSince, Volatile.Read(ref _newestBytes));

    public void Make(SnapshotOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        order.Bytes.News = Wake;
        _waitsForLog = true;
        var logBytes = _state.LogBytes;
        Leave(() =>
        {
            _state.NoteLogBytes(order.Id, logBytes);
            _lane.Add(Make(order, Making.Run(_state, order)));
        });
    }

    public void Restore(EntryId snapshot, StateIntake intake) => Leave(() => _lane.Add(Restored(snapshot, intake)));

    public void Send(MemberId peer, EntryId snapshot, LogIndex session) => Leave(() =>
    {
        foreach (var earlier in _sending)
            if (earlier.Peer == peer) earlier.CallOff();
        var sending = new Sending<TProbe>(_state, peer, snapshot, session);
        _sending.Add(sending);
        _lane.Add(sending.Run().Concat(Forget(sending)));
    });

    public void CallOff(MemberId peer, EntryId snapshot) => Leave(() =>
    {
        foreach (var sending in _sending)
            if (sending.Peer == peer && sending.Snapshot == snapshot) sending.CallOff();
    });

    public void Expect(MemberId leader, EntryId snapshot) => Leave(() =>
    {
        _expected = (leader, snapshot);
        BeginToReceive();
    });

    public void OnLog(LogIndex durable, long bytes)
    {
        var moved = durable != _state.Durable;
        (_state.Durable, _state.LogBytes) = (durable, bytes);
        if (moved && _waitsForLog) Wake();
    }

    /// <summary>A member sent something that concerns snapshots. Any thread may call this.</summary>
    public void Receive(MemberId from, Parcel parcel)
    {
        Action? message = parcel switch
        {
            SnapshotOpen open => () => OnOpen(from, open),
            SnapshotPiece piece => () => OnPiece(from, piece),
            SnapshotHave have => () => TellSender(from, sending => sending.OnHave(have)),
            SnapshotTaken taken => () => TellSender(from, sending => sending.OnTaken(taken)),
            _ => null,
        };
        if (message is not null) Leave(message);
    }

    /// <summary>The connection to a member broke: what was on the way is lost. Any thread may call this.</summary>
    public void OnPeerLost(MemberId peer) => Leave(() => TellSender(peer, sending => sending.OnPeerLost()));

    /// <summary>Whatever is under way breaks off in order; wake the lane afterwards.</summary>
    public void Stop() => _stopping = true;

    /// <summary>The work of the lane.</summary>
    public IEnumerable<IoStep> Run() => _lane.Run(TakeMessages, () => _stopping && !_state.HasUntold, () => _state.RetryTicks);

    private void Leave(Action message)
    {
        lock (_gate) _messages.Add(message);
        Wake();
    }

    private bool TakeMessages()
    {
        if (_state.HasUntold) _state.TellAgain();
        _state.IsStopping = _stopping;
        lock (_gate)
        {
            if (_messages.Count == 0) return _stopping;
            _taken.AddRange(_messages);
            _messages.Clear();
        }

        foreach (var message in _taken) message();
        _taken.Clear();
        return true;
    }

    private IEnumerable<IoStep> Make(SnapshotOrder order, IEnumerable<IoStep> making)
    {
        foreach (var step in making) yield return step;
        _waitsForLog = false;
        NoteNewest();
    }

    private IEnumerable<IoStep> Restored(EntryId snapshot, StateIntake intake)
    {
        _state.Store.Use(snapshot);
        if (default(TProbe).Plants(StorageMutant.ShelfTellsRestoredTooEarly)) _state.Tell(new StateRestored(snapshot));
        foreach (var step in Restoring.Run<TProbe>(_state.Directory, snapshot, intake)) yield return step;
        _state.Store.Release(snapshot);
        NoteNewest();
        _state.Tell(new StateRestored(snapshot));
    }

    private IEnumerable<IoStep> Forget(Sending<TProbe> sending)
    {
        _sending.Remove(sending);
        yield break;
    }

    private void NoteNewest() => Volatile.Write(ref _newestBytes, _state.Store.Snapshots.Count > 0 ? _state.Store.Snapshots[0].Bytes : 0);

    private void TellSender(MemberId peer, Action<Sending<TProbe>> tell)
    {
        foreach (var sending in _sending)
            if (sending.Peer == peer) tell(sending);
    }

    private void OnPiece(MemberId from, SnapshotPiece piece)
    {
        if (_receiving?.IsFrom(from) == true) _receiving.OnPiece(piece);
    }

    private void OnOpen(MemberId from, SnapshotOpen open)
    {
        _opened = (from, open);
        BeginToReceive();
    }

    /// <summary>A leader announces a snapshot through the core, and its file through the other link: both are waited for.</summary>
    private void BeginToReceive()
    {
        if (_opened is not { } opened || opened.Leader != _expected.Leader || opened.Open.Snapshot != _expected.Snapshot) return;
        _opened = null;
        _receiving?.BreakOff();
        var receiving = new Receiving<TProbe>(_state, opened.Leader, opened.Open.Snapshot, opened.Open.Session);
        var after = _receiving;
        _receiving = receiving;
        _lane.Add(Receive(receiving, after));
    }

    private IEnumerable<IoStep> Receive(Receiving<TProbe> receiving, Receiving<TProbe>? after)
    {
        var step = new IoStep();
        // Two that write the same file must not overlap.
        while (after is { HasEnded: false }) yield return step.Wait();
        foreach (var next in receiving.Run()) yield return next;
        receiving.HasEnded = true;
        if (_receiving == receiving) _receiving = null;
    }
}

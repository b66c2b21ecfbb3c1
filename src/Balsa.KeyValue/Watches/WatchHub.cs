using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches.Lanes;
using Balsa.Raft;

namespace Balsa.KeyValue.Watches;

/// <summary>
/// All watches of a member. It reads published views only, so it can live on a thread of its own and never slows the store
/// down; it is itself synchronous, and one thread at a time may use it. Every watcher gets each event that it asked for once, in
/// order, the events of one revision together, however slow its client is, or learns that its past is gone.
/// </summary>
public sealed class WatchHub<TProbe>
    where TProbe : struct, IStoreProbe
{
    private const int OnTheirWayMax = 64;

    private readonly WatcherTable _watchers = new();
    private readonly EventLane _live;
    private readonly EventLane _history;
    private readonly WatcherPlaces _places;
    private readonly EventSender _sender;
    private readonly CatchUp<TProbe> _catchUp;
    private readonly ProgressSigns _signs;
    private readonly Queue<WatchStream> _resumed = new();
    private readonly WatchHubOptions _options;
    private readonly TProbe _probe;
    private IEventSource _view;
    private bool _pastIsNext;

    /// <summary>Signs of progress have been looked through in this call.</summary>
    private bool _hasSigned;

    /// <param name="view">The newest one. Before the store frees anything more, it must be told of <see cref="Floor"/>.</param>
    public WatchHub(StoreView view, WatchHubOptions options, TProbe probe = default)
        : this(new StoreEvents(view), options, probe)
    {
    }

    internal WatchHub(IEventSource view, WatchHubOptions options, TProbe probe = default)
    {
        (_view, _options, _probe) = (view, options, probe);
        _live = new EventLane(_watchers, options, WatcherPlace.Live, revisionsMax: 1, probe.Plants(StoreMutant.WatchSplitsRevision));
        _history = new EventLane(_watchers, options, WatcherPlace.History, options.HistoricRevisionsMax);
        _places = new WatcherPlaces(_watchers, _live, _history);
        _sender = new EventSender(_watchers, options.FragmentBytesMax, probe.Plants(StoreMutant.PreviousOfWrongRevision));
        _catchUp = new CatchUp<TProbe>(_watchers, _places, _live, _history, _sender, options, probe);
        _signs = new ProgressSigns(_watchers, _live, options.ProgressIntervalTicks);
        _live.StartAt(view.EventsEnd, view.Revision);
    }

    /// <summary>
    /// What must be kept: all that the view shows that is read now, and the events after the revision that live watchers have
    /// reached, even when they are compacted meanwhile.
    /// </summary>
    public ReaderFloor Floor => new(_view.Epoch, Math.Min(_live.Delivered, _view.Compacted));

    public int Watchers => _watchers.Count;

    /// <summary>Everything up to this revision was offered to the watchers that do not lag.</summary>
    public long Delivered => _live.Delivered;

    /// <summary>The revision of the view that it works on.</summary>
    public long Published => _view.Revision;

    public WatchStream Open(IWatchSink sink) => new(sink, _watchers);

    /// <summary>Ends a stream and its watchers; nothing more is sent.</summary>
    public void Close(WatchStream stream)
    {
        stream.IsClosed = true;
        stream.ForgetAnswers();
        _signs.OnClosed(stream);
        while (stream.Members.Count > 0) Remove(stream.Members.Last);
    }

    /// <summary>Makes a watcher and tells its id; -1 when it is refused. The stream gets the answer first, then the events.</summary>
    public long Create(WatchStream stream, in WatchRequest request)
    {
        var key = request.Key.IsEmpty ? [0] : request.Key;
        var reach = ReachOf(request.End);
        if (reach == WatcherReach.UpToEnd && request.End.SequenceCompareTo(key) <= 0) return Refuse(stream, WatchAnswer.EmptyRange);
        var id = request.WatchId;
        if (!stream.TryName(ref id)) return Refuse(stream, WatchAnswer.DuplicateId);
        var slot = _watchers.Add();
        ref var watcher = ref _watchers[slot];
        watcher.Stream = stream;
        watcher.Id = id;
        watcher.Next = request.Start == 0 ? _view.Revision + 1 : Math.Max(0, request.Start);
        watcher.StartsLater = request.Start > _live.Taken;
        watcher.Bytes = reach == WatcherReach.UpToEnd ? [.. key, .. EndOf(request.End)] : key.ToArray();
        watcher.KeyLength = key.Length;
        watcher.Reach = reach;
        watcher.Options = OptionsOf(request.Options);
        watcher.IsQuiet = true;
        stream.Add(id, slot);
        stream.Answer(new WatchAnswer(id, _view.Revision) { Created = true });
        _signs.OnCreated(stream, slot);
        if (watcher.Next < _view.Compacted) _places.Move(slot, WatcherPlace.Fresh);
        else _places.Settle(slot);
        return id;
    }

    /// <summary>Ends a watcher. An id that is not in use is not answered.</summary>
    public void Cancel(WatchStream stream, long watchId)
    {
        if (!stream.TryFind(watchId, out var slot)) return;
        Remove(slot);
        stream.Answer(new WatchAnswer(watchId, _view.Revision) { Canceled = true });
    }

    /// <summary>
    /// Asks for one empty response as soon as all watchers of the stream have everything up to its revision, which is not below
    /// the newest one known now.
    /// </summary>
    public void RequestProgress(WatchStream stream) => _signs.Ask(stream, _view.Revision);

    /// <summary>The sink of the stream has room again. What it missed follows in <see cref="Work"/>.</summary>
    public void Resume(WatchStream stream)
    {
        if (stream.IsClosed) return;
        stream.SendAnswers();
        if (stream.IsFull || stream.IsResumed) return;
        stream.IsResumed = true;
        _resumed.Enqueue(stream);
    }

    /// <summary>Takes the newest view of the same store. The one before is not used any more.</summary>
    public void Advance(StoreView view) => Advance(new StoreEvents(view));

    internal void Advance(IEventSource view)
    {
        Invariant.Check(view.Epoch >= _view.Epoch && view.EventsEnd >= _view.EventsEnd, "views of a store come in order");
        _catchUp.OnNewView(_view, view.Compacted);
        _view = view;
        Invariant.Check(_live.Upcoming(view) >= _live.Taken, "the store keeps the events that live watchers have not seen");
    }

    /// <summary>Goes on with another store, for example after a snapshot was installed. Watchers go on where they were.</summary>
    public void Restart(StoreView view) => Restart(new StoreEvents(view));

    internal void Restart(IEventSource view)
    {
        _catchUp.Restart(_view);
        _places.Clear(_live, _view);
        _view = view;
        _live.StartAt(view.EventsEnd, view.Revision);
    }

    /// <summary>Tells the time, in ticks of 100 ns from any beginning, for notifications of progress.</summary>
    public void AdvanceTime(long now) => _signs.AdvanceTime(now);

    /// <summary>
    /// Does about so many steps, a step being an event read or sent: more only for one event with many watchers, and one response
    /// with many events. True while more can be done.
    /// </summary>
    public bool Work(int steps)
    {
        _hasSigned = false;
        while (steps > 0)
        {
            var cost = Step();
            if (cost == 0) break;
            steps -= cost;
        }

        _live.LookForBorder(_view);
        _signs.Send();
        return _resumed.Count > 0 || _catchUp.HasWork || _live.Position < _view.EventsEnd || _live.HasDue;
    }

    private int Step()
    {
        if (_resumed.Count > 0 && TryResume(_resumed.Dequeue())) return 1;

        // The past and the present take turns, but nothing may happen while watchers change from one to the other.
        _pastIsNext = !_pastIsNext || _catchUp.IsArriving(_view);
        var cost = _pastIsNext ? _catchUp.Step(_view) : StepLive();
        if (cost > 0) return cost;
        return _pastIsNext ? StepLive() : _catchUp.Step(_view);
    }

    private int StepLive()
    {
        if (_live.AtBorder)
        {
            var due = _live.TakeDue();
            if (due >= 0) return SendLive(due);
            _live.Finds.Clear();
            SignOnce();
            if (_live.Position >= _view.EventsEnd) return 0;
        }

        return _live.Read(_view, long.MaxValue);
    }

    /// <summary>Here too, not only when all is done: with more to deliver than there is time for, that never comes.</summary>
    private void SignOnce()
    {
        if (!_hasSigned) _signs.Send();
        _hasSigned = true;
    }

    private int SendLive(int slot)
    {
        var cost = 1 + _watchers[slot].FoundSpan;
        if (_sender.TrySend(slot, _view, _live.Finds, _live.Taken)) return cost;
        _watchers[slot].Next = _live.FirstMissing(slot, _view);
        _places.Move(slot, WatcherPlace.Parked);
        return cost;
    }

    /// <summary>
    /// Lets one watcher that was parked go on: the one that lags most, or it might wait for ever. Only some of a stream may be on
    /// their way: with room for one response the others would be parked again, each time.
    /// </summary>
    private bool TryResume(WatchStream stream)
    {
        if (stream.IsFull || stream.Parked.Count == 0)
        {
            stream.IsResumed = false;
            return true;
        }

        _resumed.Enqueue(stream);
        if (stream.Behind - stream.Parked.Count >= OnTheirWayMax) return false;
        _places.Settle(stream.Parked.Top);
        return true;
    }

    private void Remove(int slot)
    {
        _signs.OnRemoved(slot);
        _places.Remove(slot);
    }

    private long Refuse(WatchStream stream, string reason)
    {
        stream.Answer(new WatchAnswer(-1, _view.Revision) { Created = true, Canceled = true, Reason = reason });
        return -1;
    }

    private static WatcherReach ReachOf(ReadOnlySpan<byte> end)
    {
        if (end.IsEmpty) return WatcherReach.OneKey;
        return end is [0] ? WatcherReach.NoEnd : WatcherReach.UpToEnd;
    }

    private ReadOnlySpan<byte> EndOf(ReadOnlySpan<byte> end) =>
        _probe.Plants(StoreMutant.WatchRangeEndIncluded) ? new([.. end, 0]) : end;

    private WatchOptions OptionsOf(WatchOptions asked)
    {
        const WatchOptions Filters = WatchOptions.NoPut | WatchOptions.NoDelete;
        var inverts = _probe.Plants(StoreMutant.WatchFilterInverted) && (asked & Filters) is WatchOptions.NoPut or WatchOptions.NoDelete;
        return inverts ? asked ^ Filters : asked;
    }
}

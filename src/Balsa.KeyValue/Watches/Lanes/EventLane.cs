using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches.Indexes;

namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>
/// Reads the log of events in order, once for all watchers that travel with it, and notes what each has found. Watchers get on
/// and off between two revisions only, or with a revision that the lane has not begun.
/// </summary>
/// <param name="revisionsMax">A watcher that found something in so many revisions is due: it is sent at the next border.</param>
internal sealed class EventLane(
    WatcherTable watchers, WatchHubOptions options, WatcherPlace place, int revisionsMax, bool splits = false)
{
    private readonly KeyIndex _keys = new(watchers, options.Seed);
    private readonly RangeIndex _ranges = new(watchers);
    private readonly SlotBuffer _inRange = new();
    private readonly SlotBuffer _due = new();
    private long _revisionStart;

    public WatcherList Members { get; } = new(watchers);

    public FindBuffer Finds { get; } = new();

    /// <summary>The next event to be read.</summary>
    public long Position { get; private set; }

    /// <summary>The newest revision of which an event was read.</summary>
    public long Taken { get; private set; }

    /// <summary>All events of <see cref="Taken"/> were read.</summary>
    public bool AtBorder { get; private set; } = true;

    public bool HasDue => _due.Count > 0;

    /// <summary>Everything up to this revision was read and sent to those who were due.</summary>
    public long Delivered => AtBorder && _due.Count == 0 ? Taken : Taken - 1;

    public void StartAt(long position, long taken)
    {
        (Position, Taken, AtBorder) = (position, taken, true);
        Finds.Clear();
        _due.Clear();
    }

    public void Add(int slot)
    {
        Members.Add(slot);
        if (watchers[slot].Reach == WatcherReach.OneKey) _keys.Add(slot);
        else _ranges.Add(slot);
    }

    /// <summary>What it found and was not sent is forgotten: see <see cref="FirstMissing"/>.</summary>
    public void Remove(int slot)
    {
        if (watchers[slot].Reach == WatcherReach.OneKey) _keys.Remove(slot);
        else _ranges.Remove(slot);
        Members.Remove(slot);
        Forget(ref watchers[slot]);
    }

    /// <summary>
    /// Reads one event. Between two revisions it stops first when somebody is due, when there are too many finds, or when the
    /// next revision is not below <paramref name="stopBefore"/>.
    /// </summary>
    public int Read(IEventSource view, long stopBefore)
    {
        if (Position >= view.EventsEnd)
        {
            AtBorder = true;
            return 1;
        }

        var revision = view.EventRevision(Position);
        if (AtBorder || splits || revision != Taken)
        {
            var stops = _due.Count > 0 || Finds.Count >= options.FindsMax || revision >= stopBefore;
            if (!AtBorder && stops)
            {
                AtBorder = true;
                return 1;
            }

            (Taken, _revisionStart, AtBorder) = (revision, Position, false);
        }

        var matches = Match(view.Event(Position));
        Position++;
        return 1 + matches;
    }

    /// <summary>The revision that would be read next.</summary>
    public long Upcoming(IEventSource view) => Position < view.EventsEnd ? view.EventRevision(Position) : view.Revision + 1;

    /// <summary>Notices that the newest revision is complete, when it is.</summary>
    public void LookForBorder(IEventSource view) => AtBorder |= Upcoming(view) != Taken;

    /// <summary>The next watcher that is due, or none. To be asked at a border.</summary>
    public int TakeDue()
    {
        while (_due.Count > 0)
        {
            var slot = _due.Take();

            // Its watcher may be gone since, and another may have the slot.
            ref var watcher = ref watchers[slot];
            if (!watcher.IsDue || watcher.Place != place) continue;
            watcher.IsDue = false;
            return slot;
        }

        return WatcherTable.None;
    }

    /// <summary>The first revision that this watcher still has to see.</summary>
    public long FirstMissing(int slot, IEventSource view)
    {
        ref var watcher = ref watchers[slot];
        if (watcher.FirstFind >= 0) return RevisionOf(watcher.FirstFind, view);
        return Math.Max(watcher.Next, AtBorder ? Taken + 1 : Taken);
    }

    /// <summary>No watcher in this lane needs an older revision.</summary>
    public long Oldest(IEventSource view)
    {
        if (Finds.Count > 0) return RevisionOf(0, view);
        return AtBorder ? Taken + 1 : Taken;
    }

    public static void Forget(ref Watcher watcher)
    {
        watcher.FirstFind = watcher.LastFind = WatcherTable.None;
        (watcher.Revisions, watcher.FoundBytes, watcher.FoundSpan, watcher.IsDue) = (0, 0, 0, false);
    }

    private long RevisionOf(int find, IEventSource view) => view.EventRevision((long)Finds.At(find).Place);

    private int Match(in Record record)
    {
        var matches = 0;
        for (var slot = _keys.First(record.Key); slot >= 0; slot = watchers[slot].Later)
        {
            Note(slot, record);
            matches++;
        }

        _inRange.Clear();
        _ranges.Find(record.Key, _inRange);
        foreach (var slot in _inRange.All) Note(slot, record);
        return matches + _inRange.Count;
    }

    private void Note(int slot, in Record record)
    {
        ref var watcher = ref watchers[slot];
        if (record.Modified < watcher.Next || !watcher.WantsKind(record.IsDelete)) return;
        watcher.StartsLater = false;
        watcher.FoundBytes += record.Key.Length + record.Value.Length;
        if (watcher.LastFind < 0 || (long)Finds.At(watcher.LastFind).Place < _revisionStart)
        {
            var added = Finds.Add((ulong)Position, 0, WatcherTable.None);
            if (watcher.LastFind < 0) watcher.FirstFind = added;
            else Finds.At(watcher.LastFind).Next = added;
            watcher.LastFind = added;
            watcher.Revisions++;
            watcher.FoundSpan++;
        }
        else
        {
            ref var find = ref Finds.At(watcher.LastFind);
            var more = (int)(Position - (long)find.Place);
            watcher.FoundSpan += more - find.More;
            find.More = more;
        }

        if (watcher.IsDue || (watcher.Revisions < revisionsMax && watcher.FoundBytes < options.HistoricBytesMax)) return;
        watcher.IsDue = true;
        _due.Add(slot);
    }
}

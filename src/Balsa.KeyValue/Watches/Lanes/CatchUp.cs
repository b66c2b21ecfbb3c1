using Balsa.KeyValue.Probes;

namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>
/// Brings watchers that lag up to the live lane. One of a single key with few versions gets them from the key's own chain. All
/// others share one scan of the log: it begins where the first of them needs it, the others get on when it comes by, and at the
/// live lane all change over. Who comes too late for this sweep waits for the next.
/// </summary>
internal sealed class CatchUp<TProbe>(WatcherTable watchers, WatcherPlaces places, EventLane live, EventLane history,
    EventSender sender, WatchHubOptions options, TProbe probe)
    where TProbe : struct, IStoreProbe
{
    private readonly FindBuffer _versions = new();
    private int _sweep;

    /// <summary>So many members, from the first on, are still to be sent their finds. 0: no flush is going on.</summary>
    private int _flushing;

    public bool HasWork => places.Fresh.Count + places.Waiting.Count + history.Members.Count > 0;

    /// <summary>The scan has come to the live lane: that one must not go on until all have changed over.</summary>
    public bool IsArriving(IEventSource view) =>
        history.Members.Count > 0 && history.AtBorder && history.Upcoming(view) > Target(view);

    /// <summary>Does one thing and tells its cost; 0 when there is nothing to do.</summary>
    public int Step(IEventSource view)
    {
        if (places.Fresh.Count > 0) return Examine(places.Fresh.Top, view);
        if (history.Members.Count > 0 && !history.AtBorder) return history.Read(view, StopBefore(view));
        var due = history.TakeDue();
        if (due >= 0) return Send(due, view);
        if (_flushing > 0 || history.Finds.Count >= options.FindsMax) return Flush(view);
        if (TryTakeWaiting(view, out var slot)) return Join(slot, view);
        if (history.Members.Count == 0) return 0;
        return IsArriving(view) ? Arrive(history.Members[0], view) : history.Read(view, StopBefore(view));
    }

    /// <summary>Before a newer view is used: whoever reads what it may not show any more is looked at anew.</summary>
    public void OnNewView(IEventSource old, long compacted)
    {
        if (history.Members.Count == 0 || history.Oldest(old) >= compacted) return;
        Restart(old);
    }

    public void Restart(IEventSource old)
    {
        places.Clear(history, old);
        _flushing = 0;
        history.StartAt(history.Position, history.Taken);
    }

    private long Target(IEventSource view) => probe.Plants(StoreMutant.WatchDoublesAfterSync) ? view.Revision : live.Taken;

    private long StopBefore(IEventSource view)
    {
        var arrival = Target(view) + 1;
        if (places.Waiting.Count == 0) return arrival;
        ref var top = ref watchers[places.Waiting.Top];
        return top.Sweep == _sweep ? Math.Min(arrival, top.Next) : arrival;
    }

    private int Examine(int slot, IEventSource view)
    {
        if (IsElsewhere(slot, view)) return 1;
        if (TryVersions(slot, view, out var cost)) return cost;
        ref var watcher = ref watchers[slot];
        watcher.Sweep = watcher.Next > history.Taken ? _sweep : _sweep + 1;
        places.Move(slot, WatcherPlace.Waiting);
        return cost;
    }

    /// <summary>It has no room, needs what is gone, or needs nothing of the past.</summary>
    private bool IsElsewhere(int slot, IEventSource view)
    {
        ref var watcher = ref watchers[slot];
        if (watcher.Stream!.IsFull)
        {
            places.Move(slot, WatcherPlace.Parked);
        }
        else if (watcher.Next < view.Compacted && !probe.Plants(StoreMutant.WatchIgnoresCompaction))
        {
            watcher.Stream.Answer(new WatchAnswer(watcher.Id, Revision: 0) { Canceled = true, CompactRevision = view.Compacted });
            places.Remove(slot);
        }
        else if (watcher.Next > live.Taken)
        {
            places.Move(slot, WatcherPlace.Live);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Sends the versions of a single key, when they are few.</summary>
    private bool TryVersions(int slot, IEventSource view, out int cost)
    {
        cost = 1;
        ref var watcher = ref watchers[slot];
        if (watcher.Reach != WatcherReach.OneKey || watcher.Next <= view.Compacted) return false;
        var complete = TryCollect(ref watcher, view, out cost);
        var sent = complete && (watcher.FirstFind < 0 || sender.TrySend(slot, view, _versions, view.Revision));
        EventLane.Forget(ref watcher);
        if (!complete) return false;
        if (sent) watcher.Next = live.Taken + 1;
        places.Move(slot, sent ? WatcherPlace.Live : WatcherPlace.Parked);
        return true;
    }

    private bool TryCollect(ref Watcher watcher, IEventSource view, out int cost)
    {
        var versionsMax = Math.Min(options.ChainMax, options.HistoricRevisionsMax);
        _versions.Clear();
        cost = 1;
        for (var record = view.Newest(watcher.Key); record.Reference != 0 && record.Modified >= watcher.Next;)
        {
            if (++cost > versionsMax || watcher.FoundBytes >= options.HistoricBytesMax) return false;
            if (record.Modified <= live.Taken && watcher.WantsKind(record.IsDelete))
            {
                watcher.FirstFind = _versions.Add(record.Reference, -1, watcher.FirstFind);
                watcher.FoundBytes += record.Key.Length + record.Value.Length;
            }

            // Also when this one is of the first revision that counts: its command may have changed the key twice.
            record = view.Read(record.Previous);
        }

        return true;
    }

    private bool TryTakeWaiting(IEventSource view, out int slot)
    {
        slot = WatcherTable.None;
        if (places.Waiting.Count == 0) return false;
        slot = places.Waiting.Top;
        ref var top = ref watchers[slot];
        return history.Members.Count == 0 || (top.Sweep == _sweep && top.Next <= history.Upcoming(view));
    }

    private int Join(int slot, IEventSource view)
    {
        if (IsElsewhere(slot, view)) return 1;
        if (history.Members.Count == 0)
        {
            _sweep = watchers[slot].Sweep;
            history.StartAt(view.SeekEvent(watchers[slot].Next), watchers[slot].Next - 1);
        }

        places.Move(slot, WatcherPlace.History);
        return 1;
    }

    /// <summary>Sends what the next member has found; after all of them the finds begin anew.</summary>
    private int Flush(IEventSource view)
    {
        var before = _flushing > 0 ? Math.Min(_flushing, history.Members.Count + 1) : history.Members.Count + 1;
        _flushing = before - 1;
        if (_flushing > 0) return Send(history.Members[_flushing - 1], view);
        history.Finds.Clear();
        return 1;
    }

    private int Send(int slot, IEventSource view)
    {
        ref var watcher = ref watchers[slot];
        var cost = 1 + watcher.FoundSpan;
        if (watcher.FirstFind < 0 || sender.TrySend(slot, view, history.Finds, view.Revision)) return cost;
        Park(slot, view);
        return cost;
    }

    private void Park(int slot, IEventSource view)
    {
        watchers[slot].Next = history.FirstMissing(slot, view);
        places.Move(slot, WatcherPlace.Parked);
    }

    private int Arrive(int slot, IEventSource view)
    {
        var cost = Send(slot, view);
        ref var watcher = ref watchers[slot];
        if (watcher.Place != WatcherPlace.History) return cost;
        watcher.Next = (probe.Plants(StoreMutant.WatchGapAfterSync) ? view.Revision : live.Taken) + 1;
        places.Move(slot, WatcherPlace.Live);
        return cost;
    }
}

namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>Moves watchers between the places where they can be; each is in exactly one.</summary>
internal sealed class WatcherPlaces(WatcherTable watchers, EventLane live, EventLane history)
{
    public WaitingHeap Fresh { get; } = new(watchers);

    public WaitingHeap Waiting { get; } = new(watchers);

    public void Move(int slot, WatcherPlace to)
    {
        ref var watcher = ref watchers[slot];
        var stream = watcher.Stream!;
        Leave(slot, watcher.Place, stream);
        stream.Behind += Lag(to) - Lag(watcher.Place);
        watcher.Place = to;

        // Only those who wait for the scan are in order of its sweeps.
        if (to is WatcherPlace.Fresh or WatcherPlace.Parked) watcher.Sweep = 0;
        Enter(slot, to, stream);
    }

    /// <summary>Puts it where it belongs by what it needs next.</summary>
    public void Settle(int slot) => Move(slot, watchers[slot].Next > live.Taken ? WatcherPlace.Live : WatcherPlace.Fresh);

    /// <summary>It ends.</summary>
    public void Remove(int slot)
    {
        Move(slot, WatcherPlace.Nowhere);
        ref var watcher = ref watchers[slot];
        watcher.Stream!.Remove(watcher.Id, slot);
        watchers.Remove(slot);
    }

    /// <summary>Everybody leaves this lane, and is looked at anew.</summary>
    public void Clear(EventLane lane, IEventSource view)
    {
        while (lane.Members.Count > 0)
        {
            var slot = lane.Members.Last;
            watchers[slot].Next = lane.FirstMissing(slot, view);
            Move(slot, WatcherPlace.Fresh);
        }
    }

    private void Leave(int slot, WatcherPlace from, WatchStream stream)
    {
        switch (from)
        {
            case WatcherPlace.Live: live.Remove(slot); break;
            case WatcherPlace.Fresh: Fresh.Remove(slot); break;
            case WatcherPlace.Waiting: Waiting.Remove(slot); break;
            case WatcherPlace.History: history.Remove(slot); break;
            case WatcherPlace.Parked: stream.Parked.Remove(slot); break;
            default: break;
        }
    }

    private void Enter(int slot, WatcherPlace to, WatchStream stream)
    {
        switch (to)
        {
            case WatcherPlace.Live: live.Add(slot); break;
            case WatcherPlace.Fresh: Fresh.Add(slot); break;
            case WatcherPlace.Waiting: Waiting.Add(slot); break;
            case WatcherPlace.History: history.Add(slot); break;
            case WatcherPlace.Parked: stream.Parked.Add(slot); break;
            default: break;
        }
    }

    private static int Lag(WatcherPlace place) => place is WatcherPlace.Nowhere or WatcherPlace.Live ? 0 : 1;
}

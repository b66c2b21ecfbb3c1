namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>
/// Tells clients up to which revision they have everything: on request, and from time to time to watchers that nothing else is
/// sent to. A sign is sent between two revisions only, so it comes after all that it speaks of.
/// </summary>
internal sealed class ProgressSigns(WatcherTable watchers, EventLane live, long interval)
{
    private readonly List<WatchStream> _asking = [];
    private readonly List<WatchStream> _notifying = [];

    /// <summary>Streams with watchers to notify, by time: the wait is the same for all.</summary>
    private readonly LinkedList<WatchStream> _timed = new();
    private long _now;

    public void OnCreated(WatchStream stream, int slot)
    {
        ref var watcher = ref watchers[slot];
        if (stream.ProgressFrom >= 0) stream.ProgressFrom = Math.Max(stream.ProgressFrom, watcher.ProgressFrom);
        if (watcher.Has(WatchOptions.ProgressNotify)) Time(stream);
    }

    /// <summary>A watcher that waited for a later revision must not hold the others' sign back any more.</summary>
    public void OnRemoved(int slot)
    {
        ref var watcher = ref watchers[slot];
        var stream = watcher.Stream!;
        if (watcher.ProgressFrom >= stream.ProgressFrom && stream.ProgressFrom > live.Delivered) stream.ProgressFrom = -1;
    }

    public void OnClosed(WatchStream stream)
    {
        if (stream.IsTimed) _timed.Remove(stream.Timer);
    }

    /// <summary>Several requests that wait are answered together, each at its revision or later.</summary>
    public void Ask(WatchStream stream, long revision)
    {
        if (stream.Members.Count == 0) return;
        stream.AskedLast = revision;
        if (stream.Asked != 0) return;
        stream.Asked = revision;
        _asking.Add(stream);
    }

    public void AdvanceTime(long now)
    {
        _now = now;
        while (_timed.First is { } first && first.Value.NotifyAt <= now)
        {
            _timed.Remove(first);
            var stream = first.Value;
            if (!stream.IsNotifying) _notifying.Add(stream);
            stream.IsNotifying = true;
        }
    }

    /// <summary>Sends the signs that are wanted and possible now.</summary>
    public void Send()
    {
        if (_asking.Count + _notifying.Count == 0 || live.Delivered != live.Taken) return;
        for (var at = _asking.Count - 1; at >= 0; at--)
        {
            if (!IsAnswered(_asking[at])) continue;
            _asking[at] = _asking[^1];
            _asking.RemoveAt(_asking.Count - 1);
        }

        foreach (var stream in _notifying)
        {
            stream.IsNotifying = false;
            Notify(stream);
        }

        _notifying.Clear();
    }

    private bool IsAnswered(WatchStream stream)
    {
        if (stream.IsClosed || stream.Members.Count == 0)
        {
            stream.Asked = 0;
            return true;
        }

        var revision = live.Delivered;
        if (stream.IsFull || stream.Behind > 0 || revision < stream.Asked || revision < ProgressFrom(stream)) return false;
        stream.Answer(new WatchAnswer(-1, revision));
        stream.Asked = stream.AskedLast > revision ? stream.AskedLast : 0;
        return stream.Asked == 0;
    }

    private long ProgressFrom(WatchStream stream)
    {
        if (stream.ProgressFrom >= 0) return stream.ProgressFrom;
        for (var seat = 0; seat < stream.Members.Count; seat++)
        {
            stream.ProgressFrom = Math.Max(stream.ProgressFrom, watchers[stream.Members[seat]].ProgressFrom);
        }

        return stream.ProgressFrom;
    }

    private void Notify(WatchStream stream)
    {
        var goesOn = false;
        for (var seat = 0; seat < stream.Members.Count; seat++)
        {
            ref var watcher = ref watchers[stream.Members[seat]];
            if (!watcher.Has(WatchOptions.ProgressNotify)) continue;
            goesOn = true;
            if (watcher.IsQuiet && watcher.Place == WatcherPlace.Live && !stream.IsFull && live.Delivered >= watcher.ProgressFrom)
            {
                stream.IsFull = !new WatchAnswer(watcher.Id, live.Delivered).TrySend(stream.Sink);
            }

            watcher.IsQuiet = true;
        }

        if (goesOn) Time(stream);
    }

    private void Time(WatchStream stream)
    {
        if (stream.IsTimed || stream.IsNotifying) return;
        stream.NotifyAt = _now + interval;
        _timed.AddLast(stream.Timer);
    }
}

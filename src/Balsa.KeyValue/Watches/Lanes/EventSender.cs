using Balsa.KeyValue.Store;
using Balsa.Raft;

namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>Offers what a watcher has found to the sink of its stream.</summary>
/// <param name="skipsOne">A planted mistake, see <see cref="WatchEvents"/>.</param>
internal sealed class EventSender(WatcherTable watchers, int fragmentBytesMax, bool skipsOne)
{
    /// <summary>What a response and an event need besides keys and values: generous.</summary>
    private const int BatchOverhead = 64, EventOverhead = 64;

    /// <summary>False: no room. Then the watcher keeps its finds, and nothing was sent.</summary>
    public bool TrySend(int slot, IEventSource view, FindBuffer finds, long header)
    {
        ref var watcher = ref watchers[slot];
        var stream = watcher.Stream!;
        if (stream.IsFull) return false;
        var events = new WatchEvents(view, finds, ref watcher, skipsOne);
        stream.IsFull = !(watcher.Has(WatchOptions.Fragment)
            ? TrySendParts(stream.Sink, watcher.Id, header, events)
            : stream.Sink.TryTake(new WatchBatch { WatchId = watcher.Id, Revision = header, Events = events }));
        if (stream.IsFull) return false;
        EventLane.Forget(ref watcher);
        watcher.IsQuiet = false;
        return true;
    }

    private bool TrySendParts(IWatchSink sink, long id, long header, WatchEvents rest)
    {
        for (var continued = false; ; continued = true)
        {
            var count = CountOfPart(rest, out var after, out var isLast);
            var part = new WatchBatch
            {
                WatchId = id, Revision = header, Events = rest.First(count), Fragment = !isLast, Continued = continued,
            };
            var taken = sink.TryTake(part);
            Invariant.Check(taken || !continued, "a sink that took the first part of a batch takes the others");
            if (!taken) return false;
            if (isLast) return true;
            rest = after;
        }
    }

    /// <summary>So many events that the next one would bring the part to the limit, and at least one.</summary>
    private int CountOfPart(WatchEvents events, out WatchEvents after, out bool isLast)
    {
        long bytes = BatchOverhead;
        for (var count = 0; ; count++)
        {
            after = events;
            isLast = !events.MoveNext();
            if (isLast) return count;
            bytes += SizeOf(events.Current);
            if (count > 0 && bytes >= fragmentBytesMax) return count;
        }
    }

    private static long SizeOf(in WatchEvent one) => EventOverhead + SizeOf(one.Kv) + (one.HasPrevious ? SizeOf(one.Previous) : 0);

    private static long SizeOf(in Record record) => record.Key.Length + record.Value.Length;
}

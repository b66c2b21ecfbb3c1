using Balsa.KeyValue.Watches;
using Balsa.Simulation.Stores.Comparing;
using Balsa.Simulation.Stores.Drills;

namespace Balsa.Simulation.Stores.Watches;

/// <summary>A client with some watches, who compares what it is sent with what must come.</summary>
internal sealed class WatchClient(StoreSights sights, Func<KeptView> view) : IWatchSink
{
    private readonly SortedDictionary<long, WatchedRange> _ranges = [];
    private readonly HashSet<long> _told = [];

    internal WatchStream? Stream { get; set; }

    internal bool IsFull { get; private set; }

    /// <summary>The first thing that was wrong.</summary>
    internal string? Complaint { get; private set; }

    internal IReadOnlyDictionary<long, WatchedRange> Ranges => _ranges;

    public bool TryTake(in WatchBatch batch)
    {
        if (IsFull && !batch.Continued) return false;
        Complaint ??= Take(batch);
        return true;
    }

    internal void Block(bool isFull)
    {
        IsFull = isFull;
        foreach (var range in _ranges.Values) range.WasNeverBlocked &= !isFull;
    }

    internal void Add(long id, WatchedRange range)
    {
        range.WasNeverBlocked = !IsFull;
        _ranges.Add(id, range);
    }

    internal void Forget(long id)
    {
        _ranges.Remove(id);
        _told.Remove(id);
    }

    /// <summary>What some watcher, of which the client has been told, has not seen of everything up to a revision.</summary>
    internal string? Miss(long upTo)
    {
        foreach (var (id, range) in _ranges)
            if (_told.Contains(id) && range.Miss(upTo, view().Revision) is { } missed) return $"watcher {id} {missed}";
        return null;
    }

    private string? Take(in WatchBatch batch)
    {
        if (batch.Created)
        {
            if (!batch.Canceled) _told.Add(batch.WatchId);
            return null;
        }

        if (batch.WatchId < 0) return Miss(batch.Revision);
        if (!_ranges.TryGetValue(batch.WatchId, out var range)) return batch.Canceled ? null : $"watcher {batch.WatchId} is over";
        if (!_told.Contains(batch.WatchId)) return $"watcher {batch.WatchId} was not announced";
        if (batch.Canceled) return Cancel(batch.WatchId, range, batch.CompactRevision);
        return TakeEvents(batch, range) is { } wrong ? $"watcher {batch.WatchId} ({range.Request}): {wrong}" : null;
    }

    private string? Cancel(long id, WatchedRange range, long compacted)
    {
        Forget(id);
        sights.See(StoreSight.WatchCompacted);
        if (range is { Request.Start: 0, WasNeverBlocked: true }) return $"watcher {id} never lagged and is cancelled";
        return view().Compacted < 0 || range.From >= compacted || compacted > Math.Max(1, view().Compacted)
            ? $"watcher {id} from {range.From} is cancelled for {compacted}" : null;
    }

    private string? TakeEvents(in WatchBatch batch, WatchedRange range)
    {
        var (revision, compacted) = (view().Revision, view().Compacted);
        if (batch.Fragment) sights.See(StoreSight.WatchFragment);
        foreach (var one in batch.Events)
        {
            sights.See(StoreSight.WatchEvent);
            if (one.Kv.Modified > batch.Revision) return $"an event of {one.Kv.Modified} under {batch.Revision}";
            if (range.Take(one, revision, compacted) is { } wrong) return wrong;
        }

        return batch.Fragment ? null : range.EndBatch(revision);
    }
}

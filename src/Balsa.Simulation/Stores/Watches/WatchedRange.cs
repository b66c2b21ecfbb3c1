using Balsa.KeyValue.Watches;
using Balsa.Simulation.Stores.Comparing;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Watches;

/// <summary>What one watcher has to see: the matching events of the model from its start on, each once, a revision at a time.</summary>
internal sealed class WatchedRange(NaiveStore model, OpenWatch request, long from)
{
    private int _next;
    private long _seen;

    internal long From => from;

    internal OpenWatch Request => request;

    /// <summary>The client took everything as soon as it came, so this watcher can never have lagged behind a compaction.</summary>
    internal bool WasNeverBlocked { get; set; } = true;

    /// <summary>Takes one event. What is wrong with it, or null.</summary>
    internal string? Take(in WatchEvent found, long revision, long compacted)
    {
        var place = Next(revision);
        if (place < 0) return $"an event too many: {Text(found.Kv)}";
        var expected = model.History.Events[place];
        _next = place + 1;
        _seen = expected.Modified;
        if (!KeptView.IsSame(expected, found.Kv)) return $"expected {expected}, found {Text(found.Kv)}";
        var previous = model.History.Before(expected);
        if (found.HasPrevious)
            return previous is not null && KeptView.IsSame(previous, found.Previous) ? null : $"a wrong version before {expected}";
        var mayLack = previous is null || expected.Modified <= compacted || (request.Options & WatchOptions.Previous) == WatchOptions.None;
        return mayLack ? null : $"no version before {expected}";
    }

    /// <summary>After a batch: nothing of the revision that it ended with may be left for another one.</summary>
    internal string? EndBatch(long revision) =>
        Next(revision) is var place and >= 0 && model.History.Events[place].Modified == _seen
            ? $"revision {_seen} is split" : null;

    /// <summary>What was not seen of everything up to a revision.</summary>
    internal string? Miss(long upTo, long revision) =>
        Next(revision) is var place and >= 0 && model.History.Events[place].Modified <= upTo
            ? $"does not see {model.History.Events[place]}" : null;

    /// <summary>The place of the next event that must come, or -1.</summary>
    private int Next(long revision)
    {
        var events = model.History.Events;
        while (_next < events.Count && (events[_next].Modified < from || !Wants(events[_next]))) _next++;
        return _next < events.Count && events[_next].Modified <= revision ? _next : -1;
    }

    private bool Wants(NaiveVersion version)
    {
        var left = version.IsDelete ? WatchOptions.NoDelete : WatchOptions.NoPut;
        var key = request.Key.Length == 0 ? [0] : request.Key;
        return (request.Options & left) == WatchOptions.None && ByteOrder.IsInside(version.Key, key, request.End);
    }

    private static string Text(in KeyValue.Store.Record found) =>
        $"{found.Modified}: {Words.Bytes(found.Key)}{(found.IsDelete ? " deleted" : "")}";
}

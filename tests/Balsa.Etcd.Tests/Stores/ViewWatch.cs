using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Store;
using Record = Balsa.KeyValue.Store.Record;
using StoredKey = Balsa.KeyValue.Answers.KeyValue;

namespace Balsa.Etcd.Tests.Stores;

/// <summary>A watch as the plainest reader of views: after each one, the events that are new in it.</summary>
internal sealed class ViewWatch
{
    private readonly WatchStep _watch;
    private readonly List<WatchEvent> _events = [];
    private readonly string? _canceled;
    private long _next;

    public ViewWatch(WatchStep watch, StoreView view)
    {
        _watch = watch;
        _next = watch.Start == 0 ? view.Revision + 1 : watch.Start;
        if (_next < view.Compacted) _canceled = Outcome.CompactedAt(view.Compacted);
        Follow(view);
    }

    public void Follow(StoreView view)
    {
        if (_canceled is not null) return;
        for (var at = view.SeekEvent(_next); at < view.EventsEnd; at++)
        {
            var record = view.Event(at);
            if (record.Reference == 0 || !IsWanted(record)) continue;
            var hasBefore = view.TryPrevious(record, out var before) && _watch.ReturnPrevious;
            _events.Add(new WatchEvent(record.IsDelete, Copy(record), hasBefore ? Copy(before) : null));
        }

        _next = Math.Max(_next, view.Revision + 1);
    }

    /// <summary>What came up to this revision.</summary>
    public Outcome Told(long lastRevision) => new()
    {
        Events = [.. _events.Where(change => change.Now.Modified <= lastRevision)], Canceled = _canceled,
    };

    private bool IsWanted(in Record record)
    {
        if (record.IsDelete ? _watch.NoDelete : _watch.NoPut) return false;
        var key = record.Key;
        if (_watch.End.Length == 0) return key.SequenceEqual(_watch.Key);
        return key.SequenceCompareTo(_watch.Key) >= 0 && (_watch.End is [0] || key.SequenceCompareTo(_watch.End) < 0);
    }

    private static StoredKey Copy(in Record record) => new(
        record.Key.ToArray(), record.Value.ToArray(), record.Created, record.Modified, record.Version, record.Lease);
}

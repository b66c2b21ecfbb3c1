using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches.Worlds;

/// <summary>One client: a sink with little room, and what each of its watchers must see.</summary>
internal sealed class ModelClient : IWatchSink
{
    private readonly Dictionary<long, ModelWatcher> _watchers = [];
    private readonly Queue<long> _creating = new();
    private readonly Queue<long> _cancelling = new();
    private long _part = long.MinValue;

    public int Room { get; set; }

    public bool IsHungry { get; private set; }

    public bool IsClosed { get; set; }

    public long Taken { get; private set; }

    public int Compactions { get; private set; }

    public IEnumerable<ModelWatcher> Watchers => _watchers.Values;

    /// <summary>The order of answers is the order of requests. To be called before the hub is asked.</summary>
    public void Expect(long id, ModelWatcher? watcher)
    {
        _creating.Enqueue(id);
        if (watcher is not null) _watchers[id] = watcher;
    }

    public void Cancel(long id)
    {
        if (_watchers[id].IsOver) return;
        _watchers[id].End();
        _cancelling.Enqueue(id);
    }

    public bool TryTake(in WatchBatch batch)
    {
        if (IsClosed) throw new WatchViolationException("a closed stream gets something");
        if (Room <= 0 && !batch.Continued)
        {
            IsHungry = true;
            return false;
        }

        if (IsHungry) throw new WatchViolationException("a full stream is asked again before it has room");
        Room--;
        Taken++;
        Take(batch);
        return true;
    }

    public void OnRoom(int room) => (Room, IsHungry) = (room, false);

    public void CheckComplete()
    {
        if (_creating.Count + _cancelling.Count > 0) throw new WatchViolationException("an answer is missing");
        foreach (var watcher in _watchers.Values)
        {
            if (!watcher.IsOver && !watcher.IsComplete) throw watcher.Wrong("never gets the rest");
        }
    }

    private void Take(in WatchBatch batch)
    {
        if (_part != long.MinValue && (batch.WatchId != _part || !batch.Continued)) throw new WatchViolationException("a batch is torn");
        _part = batch.Fragment ? batch.WatchId : long.MinValue;
        if (batch.Created)
        {
            if (_creating.Dequeue() != batch.WatchId) throw new WatchViolationException("answers come in another order than requests");
        }
        else if (batch.WatchId == -1)
        {
            var created = _watchers.Values.Where(one => !one.IsOver && !_creating.Contains(one.Id));
            foreach (var watcher in created) watcher.TakeProgress(batch.Revision);
        }
        else if (batch.Canceled && batch.CompactRevision == 0)
        {
            if (_cancelling.Dequeue() != batch.WatchId) throw new WatchViolationException("cancels are answered in another order");
        }
        else
        {
            if (_creating.Contains(batch.WatchId)) throw new WatchViolationException("an event comes before the watcher's creation");
            if (batch.Canceled) Compactions++;
            _watchers[batch.WatchId].Take(batch);
        }
    }
}

namespace Balsa.Simulation.Scheduling;

/// <summary>The one scheduler of a world: a heap ordered by time and then by number, so that nothing is left to chance.</summary>
internal sealed class EventQueue
{
    private SimulatedEvent[] _heap = new SimulatedEvent[1024];
    private ulong _sequence;

    internal int Count { get; private set; }

    internal void Add(long time, EventKind kind, int node, ulong life = 0, ulong a = 0, ulong b = 0, object? subject = null)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, _heap.Length * 2);
        var added = new SimulatedEvent
        {
            Time = time, Sequence = ++_sequence, Kind = kind, Node = node, Life = life, A = a, B = b, Subject = subject,
        };
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) >> 1;
            if (_heap[parent].IsBefore(added)) break;
            _heap[at] = _heap[parent];
            at = parent;
        }
        _heap[at] = added;
    }

    /// <summary>The same event again, later.</summary>
    internal void AddAgain(in SimulatedEvent e, long time) => Add(time, e.Kind, e.Node, e.Life, e.A, e.B, e.Subject);

    internal bool TryTake(out SimulatedEvent first)
    {
        first = default;
        if (Count == 0) return false;
        first = _heap[0];
        var last = _heap[--Count];
        _heap[Count] = default;
        if (Count > 0) SiftDown(last);
        return true;
    }

    private void SiftDown(in SimulatedEvent sinking)
    {
        var at = 0;
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= Count) break;
            if (child + 1 < Count && _heap[child + 1].IsBefore(_heap[child])) child++;
            if (sinking.IsBefore(_heap[child])) break;
            _heap[at] = _heap[child];
            at = child;
        }
        _heap[at] = sinking;
    }
}

namespace Balsa.Simulation.Scheduling;

/// <summary>
/// The one scheduler of a world: a heap ordered by time and then by number, so that nothing is left to chance. The heap holds
/// only what is compared; the events lie still beside it, because moving references about costs more than comparing.
/// </summary>
internal sealed class EventQueue
{
    private const int Children = 4;

    private Place[] _heap = new Place[256];
    private SimulatedEvent[] _events = new SimulatedEvent[256];
    private int[] _free = new int[256];
    private int _freeCount;
    private ulong _sequence;

    internal int Count { get; private set; }

    internal void Add(long time, EventKind kind, int node, ulong life = 0, ulong a = 0, ulong b = 0, object? subject = null)
    {
        if (Count == _heap.Length) Grow();
        var slot = _freeCount > 0 ? _free[--_freeCount] : Count;
        ref var added = ref _events[slot];
        (added.Time, added.Kind, added.Node, added.Life) = (time, kind, node, life);
        (added.A, added.B, added.Subject) = (a, b, subject);
        Rise(new Place(time, ++_sequence, slot));
    }

    /// <summary>The same event again, later.</summary>
    internal void AddAgain(in SimulatedEvent e, long time) => Add(time, e.Kind, e.Node, e.Life, e.A, e.B, e.Subject);

    internal bool TryTake(out SimulatedEvent first)
    {
        first = default;
        if (Count == 0) return false;
        var slot = _heap[0].Slot;
        first = _events[slot];
        _events[slot].Subject = null;
        _free[_freeCount++] = slot;
        if (--Count > 0) Sink(_heap[Count]);
        return true;
    }

    private void Rise(in Place rising)
    {
        var heap = _heap;
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) / Children;
            if (heap[parent].IsBefore(rising)) break;
            heap[at] = heap[parent];
            at = parent;
        }

        heap[at] = rising;
    }

    private void Sink(Place sinking)
    {
        var heap = _heap.AsSpan(0, Count);
        var at = 0;
        while (true)
        {
            var first = Children * at + 1;
            if (first >= heap.Length) break;
            var least = first;
            for (var child = first + 1; child < Math.Min(first + Children, heap.Length); child++)
                if (heap[child].IsBefore(heap[least])) least = child;
            if (sinking.IsBefore(heap[least])) break;
            heap[at] = heap[least];
            at = least;
        }

        heap[at] = sinking;
    }

    private void Grow()
    {
        Array.Resize(ref _heap, _heap.Length * 2);
        Array.Resize(ref _events, _heap.Length);
        Array.Resize(ref _free, _heap.Length);
    }

    /// <summary>Where an event stands in the order, and where it lies.</summary>
    private readonly record struct Place(long Time, ulong Sequence, int Slot)
    {
        internal bool IsBefore(in Place other) => Time < other.Time || (Time == other.Time && Sequence < other.Sequence);
    }
}

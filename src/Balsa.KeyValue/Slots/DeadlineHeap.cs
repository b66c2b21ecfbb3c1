namespace Balsa.KeyValue.Slots;

/// <summary>
/// Deadlines of slots, the earliest first. Every slot knows its place, so moving and removing one is a walk of a few
/// levels; equal deadlines go by <c>order</c>, never by chance.
/// </summary>
internal sealed class DeadlineHeap
{
    /// <summary>Four children a node: half the levels of two, and siblings lie side by side.</summary>
    private const int Children = 4;

    private readonly SlotArray<Entry> _entries = new();
    private readonly SlotArray<int> _places = new();

    internal int Count => _entries.Length;

    internal int FirstSlot => _entries[0].Slot;

    /// <summary>The earliest deadline; beyond all time when there is none.</summary>
    internal long FirstAt => Count == 0 ? long.MaxValue : _entries[0].At;

    internal void Add(int slot, long at, long order)
    {
        _places.Reach(slot);
        Rise(_entries.Add(), new Entry(at, order, slot));
    }

    internal void Move(int slot, long at) => Settle(_places[slot], _entries[_places[slot]] with { At = at });

    internal void Remove(int slot)
    {
        var place = _places[slot];
        var last = _entries[Count - 1];
        _entries.RemoveLast();
        if (place < Count) Settle(place, last);
    }

    private void Settle(int place, Entry entry)
    {
        if (place > 0 && entry.IsBefore(_entries[(place - 1) / Children])) Rise(place, entry);
        else Sink(place, entry);
    }

    private void Rise(int place, Entry entry)
    {
        while (place > 0)
        {
            var parent = (place - 1) / Children;
            if (!entry.IsBefore(_entries[parent])) break;
            Put(place, _entries[parent]);
            place = parent;
        }

        Put(place, entry);
    }

    private void Sink(int place, Entry entry)
    {
        while (true)
        {
            var child = EarliestChild(place);
            if (child < 0 || !_entries[child].IsBefore(entry)) break;
            Put(place, _entries[child]);
            place = child;
        }

        Put(place, entry);
    }

    private int EarliestChild(int place)
    {
        var first = place * Children + 1;
        if (first >= Count) return -1;
        var earliest = first;
        for (var child = first + 1; child < Math.Min(first + Children, Count); child++)
        {
            if (_entries[child].IsBefore(_entries[earliest])) earliest = child;
        }

        return earliest;
    }

    private void Put(int place, Entry entry)
    {
        _entries[place] = entry;
        _places[entry.Slot] = place;
    }

    private readonly record struct Entry(long At, long Order, int Slot)
    {
        internal bool IsBefore(in Entry other) => At < other.At || (At == other.At && Order < other.Order);
    }
}

namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>
/// Some watchers in no order, each of which knows its seat, so that it can leave at once: the last one takes the seat over.
/// A walk from the last to the first meets every watcher that stays, whoever else leaves meanwhile.
/// </summary>
/// <param name="ofStream">A watcher sits in two lists: in the one of its stream, and in the one of its place.</param>
internal sealed class WatcherList(WatcherTable watchers, bool ofStream = false)
{
    private int[] _slots = [];

    public int Count { get; private set; }

    public int this[int seat] => _slots[seat];

    public int Last => _slots[Count - 1];

    public void Add(int slot)
    {
        if (Count == _slots.Length) Array.Resize(ref _slots, Math.Max(4, Count * 2));
        _slots[Count] = slot;
        SeatOf(slot) = Count++;
    }

    public void Remove(int slot)
    {
        var seat = SeatOf(slot);
        var last = _slots[--Count];
        _slots[seat] = last;
        SeatOf(last) = seat;
    }

    private ref int SeatOf(int slot)
    {
        ref var watcher = ref watchers[slot];
        return ref ofStream ? ref watcher.StreamSeat : ref watcher.Seat;
    }
}

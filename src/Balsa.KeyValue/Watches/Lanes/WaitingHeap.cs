namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>
/// Watchers that wait, the one that lags most on top; of those who wait for the scan of the past, the one that it meets first: by
/// sweep, then by revision.
/// </summary>
internal sealed class WaitingHeap(WatcherTable watchers)
{
    private int[] _slots = [];

    public int Count { get; private set; }

    public int Top => _slots[0];

    public void Add(int slot)
    {
        if (Count == _slots.Length) Array.Resize(ref _slots, Math.Max(4, Count * 2));
        Rise(Count++, slot);
    }

    public void Remove(int slot)
    {
        var seat = watchers[slot].Seat;
        var last = _slots[--Count];
        if (seat == Count) return;
        if (seat > 0 && IsBefore(last, _slots[(seat - 1) / 2])) Rise(seat, last);
        else Sink(seat, last);
    }

    private void Rise(int seat, int slot)
    {
        while (seat > 0)
        {
            var parent = (seat - 1) / 2;
            if (!IsBefore(slot, _slots[parent])) break;
            Sit(seat, _slots[parent]);
            seat = parent;
        }

        Sit(seat, slot);
    }

    private void Sink(int seat, int slot)
    {
        while (true)
        {
            var child = (seat * 2) + 1;
            if (child >= Count) break;
            if (child + 1 < Count && IsBefore(_slots[child + 1], _slots[child])) child++;
            if (!IsBefore(_slots[child], slot)) break;
            Sit(seat, _slots[child]);
            seat = child;
        }

        Sit(seat, slot);
    }

    private void Sit(int seat, int slot)
    {
        _slots[seat] = slot;
        watchers[slot].Seat = seat;
    }

    private bool IsBefore(int left, int right)
    {
        ref var one = ref watchers[left];
        ref var other = ref watchers[right];
        return one.Sweep != other.Sweep ? one.Sweep < other.Sweep : one.Next < other.Next;
    }
}

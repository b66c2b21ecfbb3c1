namespace Balsa.Raft.Core;

/// <summary>A first-in first-out queue that grows and never shrinks: a busy core allocates nothing after warm-up.</summary>
internal sealed class Ring<T>(int capacity = 16) where T : struct
{
    private T[] _items = new T[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private int _head;

    internal int Count { get; private set; }

    /// <summary>The n-th oldest item, in place.</summary>
    internal ref T this[int n] => ref _items[(_head + n) & (_items.Length - 1)];

    internal ref T Newest => ref this[Count - 1];

    internal void Enqueue(in T item)
    {
        if (Count == _items.Length) Grow();
        this[Count++] = item;
    }

    internal T Dequeue()
    {
        Invariant.Check(Count > 0);
        var item = this[0];
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        return item;
    }

    internal void DropNewest()
    {
        Invariant.Check(Count > 0);
        Count--;
    }

    internal void Clear() => (_head, Count) = (0, 0);

    private void Grow()
    {
        var larger = new T[_items.Length * 2];
        for (var i = 0; i < Count; i++) larger[i] = this[i];
        (_items, _head) = (larger, 0);
    }
}

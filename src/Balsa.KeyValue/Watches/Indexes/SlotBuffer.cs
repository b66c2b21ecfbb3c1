namespace Balsa.KeyValue.Watches.Indexes;

/// <summary>Slots in a row, used again and again.</summary>
internal sealed class SlotBuffer
{
    private int[] _slots = new int[16];
    private int _first;
    private int _end;

    public int Count => _end - _first;

    public ReadOnlySpan<int> All => _slots.AsSpan(_first, Count);

    public void Add(int slot)
    {
        if (_end == _slots.Length) Array.Resize(ref _slots, _end * 2);
        _slots[_end++] = slot;
    }

    /// <summary>Takes the oldest.</summary>
    public int Take()
    {
        var slot = _slots[_first++];
        if (_first == _end) Clear();
        return slot;
    }

    public void Clear() => _first = _end = 0;
}

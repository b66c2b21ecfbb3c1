namespace Balsa.KeyValue.Slots;

/// <summary>Slots in the order of their last use, linked through themselves.</summary>
internal sealed class UseOrder
{
    internal const int None = -1;

    private readonly SlotArray<Link> _links = new();
    private int _last = None;

    /// <summary>The slot used longest ago, or <see cref="None"/>.</summary>
    internal int First { get; private set; } = None;

    internal bool Contains(int slot) => slot < _links.Length && _links[slot].In;

    internal void Append(int slot)
    {
        while (_links.Length <= slot) _links[_links.Add()] = default;
        _links[slot] = new Link(_last, None, In: true);
        if (_last == None) First = slot;
        else _links[_last] = _links[_last] with { Next = slot };
        _last = slot;
    }

    internal void Remove(int slot)
    {
        if (!Contains(slot)) return;
        var (previous, next, _) = _links[slot];
        if (previous == None) First = next;
        else _links[previous] = _links[previous] with { Next = next };
        if (next == None) _last = previous;
        else _links[next] = _links[next] with { Previous = previous };
        _links[slot] = default;
    }

    private readonly record struct Link(int Previous, int Next, bool In);
}

using Balsa.KeyValue.Hashing;

namespace Balsa.KeyValue.Slots;

/// <summary>
/// From ids to slots. It grows by one bucket an id, dividing one old bucket each time, so that no single command pays for
/// the growth of a large table; a dictionary of a million ids would stop everything for tens of milliseconds.
/// </summary>
internal sealed class IdIndex
{
    private const int None = -1;

    /// <summary>The first slot of each bucket.</summary>
    private readonly SlotArray<int> _buckets = new();

    /// <summary>By slot: the ids, chained within a bucket.</summary>
    private readonly SlotArray<Node> _nodes = new();

    /// <summary>Buckets before this one are divided already, by one more bit than the mask has.</summary>
    private int _divided;
    private int _mask;

    internal IdIndex() => _buckets[_buckets.Add()] = None;

    internal int Count { get; private set; }

    internal bool Contains(long id) => TryFind(id, out _);

    internal bool TryFind(long id, out int slot)
    {
        slot = _buckets[BucketOf(id)];
        while (slot != None && _nodes[slot].Id != id) slot = _nodes[slot].Next;
        return slot != None;
    }

    /// <summary>The id must not be there, and the slot belong to no other.</summary>
    internal void Add(long id, int slot)
    {
        _nodes.Reach(slot);
        Link(BucketOf(id), id, slot);
        if (++Count > _buckets.Length) Divide();
    }

    internal bool Remove(long id, out int slot)
    {
        ref var link = ref _buckets[BucketOf(id)];
        while (link != None && _nodes[link].Id != id) link = ref _nodes[link].Next;
        slot = link;
        if (slot == None) return false;
        link = _nodes[slot].Next;
        Count--;
        return true;
    }

    private int BucketOf(long id)
    {
        var hash = (int)Hash64.Join((ulong)id, 0);
        var bucket = hash & _mask;
        return bucket < _divided ? hash & (2 * _mask + 1) : bucket;
    }

    private void Link(int bucket, long id, int slot)
    {
        _nodes[slot] = new Node { Id = id, Next = _buckets[bucket] };
        _buckets[bucket] = slot;
    }

    private void Divide()
    {
        var old = _divided++;
        var slot = _buckets[old];
        _buckets[old] = None;
        _buckets[_buckets.Add()] = None;
        while (slot != None)
        {
            var (id, next) = (_nodes[slot].Id, _nodes[slot].Next);
            Link(BucketOf(id), id, slot);
            slot = next;
        }

        if (_divided <= _mask) return;
        _mask = 2 * _mask + 1;
        _divided = 0;
    }

    private struct Node
    {
        internal long Id;
        internal int Next;
    }
}

using Balsa.KeyValue.Watches.Lanes;

namespace Balsa.KeyValue.Watches.Indexes;

/// <summary>
/// Watchers of ranges: a balanced (AVL) tree by the beginning of the range, in which every node knows the farthest end below
/// it. So a part of the tree that ends before a key is not entered. Its nodes are the watchers themselves.
/// </summary>
internal sealed class RangeIndex(WatcherTable watchers)
{
    private int _root = WatcherTable.None;

    public void Add(int slot) => _root = Added(_root, slot);

    public void Remove(int slot) => _root = Removed(_root, slot);

    /// <summary>Adds every watcher whose range holds the key to the list.</summary>
    public void Find(ReadOnlySpan<byte> key, SlotBuffer found) => Find(_root, key, found);

    private void Find(int at, ReadOnlySpan<byte> key, SlotBuffer found)
    {
        while (at >= 0)
        {
            ref var watcher = ref watchers[at];
            if (!watchers[watcher.Farthest].EndsAfter(key)) return;
            Find(watcher.Left, key, found);
            if (watcher.Key.SequenceCompareTo(key) > 0) return;
            if (watcher.EndsAfter(key)) found.Add(at);
            at = watcher.Right;
        }
    }

    private int Added(int at, int slot)
    {
        if (at < 0)
        {
            ref var added = ref watchers[slot];
            added.Left = added.Right = WatcherTable.None;
            return Balanced(slot);
        }

        ref var watcher = ref watchers[at];
        if (IsBefore(slot, at)) watcher.Left = Added(watcher.Left, slot);
        else watcher.Right = Added(watcher.Right, slot);
        return Balanced(at);
    }

    private int Removed(int at, int slot)
    {
        ref var watcher = ref watchers[at];
        if (at != slot)
        {
            if (IsBefore(slot, at)) watcher.Left = Removed(watcher.Left, slot);
            else watcher.Right = Removed(watcher.Right, slot);
            return Balanced(at);
        }

        if (watcher.Left < 0) return watcher.Right;
        if (watcher.Right < 0) return watcher.Left;
        var right = WithoutFirst(watcher.Right, out var first);
        watchers[first].Right = right;
        watchers[first].Left = watcher.Left;
        return Balanced(first);
    }

    private int WithoutFirst(int at, out int first)
    {
        ref var watcher = ref watchers[at];
        if (watcher.Left < 0)
        {
            first = at;
            return watcher.Right;
        }

        watcher.Left = WithoutFirst(watcher.Left, out first);
        return Balanced(at);
    }

    private int Balanced(int at)
    {
        ref var watcher = ref watchers[at];
        var lean = HeightOf(watcher.Left) - HeightOf(watcher.Right);
        if (lean > 1)
        {
            ref var left = ref watchers[watcher.Left];
            if (HeightOf(left.Left) < HeightOf(left.Right)) watcher.Left = TurnedLeft(watcher.Left);
            return TurnedRight(at);
        }

        if (lean < -1)
        {
            ref var right = ref watchers[watcher.Right];
            if (HeightOf(right.Right) < HeightOf(right.Left)) watcher.Right = TurnedRight(watcher.Right);
            return TurnedLeft(at);
        }

        Sum(at);
        return at;
    }

    private int TurnedRight(int at)
    {
        var top = watchers[at].Left;
        watchers[at].Left = watchers[top].Right;
        watchers[top].Right = at;
        Sum(at);
        Sum(top);
        return top;
    }

    private int TurnedLeft(int at)
    {
        var top = watchers[at].Right;
        watchers[at].Right = watchers[top].Left;
        watchers[top].Left = at;
        Sum(at);
        Sum(top);
        return top;
    }

    private void Sum(int at)
    {
        ref var watcher = ref watchers[at];
        watcher.Height = (byte)(1 + Math.Max(HeightOf(watcher.Left), HeightOf(watcher.Right)));
        var farthest = at;
        if (watcher.Left >= 0) farthest = Farther(farthest, watchers[watcher.Left].Farthest);
        if (watcher.Right >= 0) farthest = Farther(farthest, watchers[watcher.Right].Farthest);
        watcher.Farthest = farthest;
    }

    private int HeightOf(int at) => at < 0 ? 0 : watchers[at].Height;

    private int Farther(int left, int right)
    {
        ref var one = ref watchers[left];
        if (one.Reach == WatcherReach.NoEnd) return left;
        ref var other = ref watchers[right];
        return other.EndsAfter(one.End) ? right : left;
    }

    private bool IsBefore(int left, int right)
    {
        var order = watchers[left].Key.SequenceCompareTo(watchers[right].Key);
        return order != 0 ? order < 0 : left < right;
    }
}

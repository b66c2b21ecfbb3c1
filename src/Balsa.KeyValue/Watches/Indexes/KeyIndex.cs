using Balsa.KeyValue.Watches.Lanes;

namespace Balsa.KeyValue.Watches.Indexes;

/// <summary>
/// Watchers of a single key, by that key: a table of hashes that leads to a node for each key that is watched, and from there
/// to all its watchers, however many. It is never walked through, so the order in it decides nothing.
/// </summary>
internal sealed class KeyIndex(WatcherTable watchers, ulong seed)
{
    private Node[] _nodes = new Node[16];
    private int[] _buckets = NewBuckets(16);
    private int _used;
    private int _free = WatcherTable.None;
    private int _keys;

    private struct Node
    {
        public byte[]? Key;
        public uint Hash;
        public int Next;
        public int First;
    }

    /// <summary>One of the watchers of the key; the others follow through <see cref="Watcher.Later"/>.</summary>
    public int First(ReadOnlySpan<byte> key)
    {
        if (_keys == 0) return WatcherTable.None;
        var node = Find(key, KeyHash.Of(key, seed));
        return node < 0 ? WatcherTable.None : _nodes[node].First;
    }

    public void Add(int slot)
    {
        ref var watcher = ref watchers[slot];
        var hash = KeyHash.Of(watcher.Key, seed);
        var found = Find(watcher.Key, hash);
        if (found < 0) found = NewNode(watcher.Bytes, hash);
        ref var node = ref _nodes[found];
        watcher.KeyNode = found;
        watcher.Earlier = WatcherTable.None;
        watcher.Later = node.First;
        if (node.First >= 0) watchers[node.First].Earlier = slot;
        node.First = slot;
    }

    public void Remove(int slot)
    {
        ref var watcher = ref watchers[slot];
        if (watcher.Later >= 0) watchers[watcher.Later].Earlier = watcher.Earlier;
        if (watcher.Earlier >= 0) watchers[watcher.Earlier].Later = watcher.Later;
        else if (watcher.Later >= 0) _nodes[watcher.KeyNode].First = watcher.Later;
        else Free(watcher.KeyNode);
    }

    private int Find(ReadOnlySpan<byte> key, uint hash)
    {
        var at = _buckets[hash & (uint)(_buckets.Length - 1)];
        while (at >= 0)
        {
            ref var node = ref _nodes[at];
            if (node.Hash == hash && key.SequenceEqual(node.Key)) return at;
            at = node.Next;
        }

        return at;
    }

    private int NewNode(byte[] key, uint hash)
    {
        if (_keys == _buckets.Length) Grow();
        int at;
        if (_free >= 0)
        {
            at = _free;
            _free = _nodes[at].Next;
        }
        else
        {
            if (_used == _nodes.Length) Array.Resize(ref _nodes, _used * 2);
            at = _used++;
        }

        ref var bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        _nodes[at] = new Node { Key = key, Hash = hash, Next = bucket, First = WatcherTable.None };
        bucket = at;
        _keys++;
        return at;
    }

    private void Free(int at)
    {
        ref var link = ref _buckets[_nodes[at].Hash & (uint)(_buckets.Length - 1)];
        while (link != at) link = ref _nodes[link].Next;
        link = _nodes[at].Next;
        _nodes[at] = new Node { Next = _free };
        _free = at;
        _keys--;
    }

    private void Grow()
    {
        _buckets = NewBuckets(_buckets.Length * 2);
        for (var at = 0; at < _used; at++)
        {
            ref var node = ref _nodes[at];
            if (node.Key is null) continue;
            ref var bucket = ref _buckets[node.Hash & (uint)(_buckets.Length - 1)];
            node.Next = bucket;
            bucket = at;
        }
    }

    private static int[] NewBuckets(int count)
    {
        var buckets = new int[count];
        Array.Fill(buckets, WatcherTable.None);
        return buckets;
    }
}

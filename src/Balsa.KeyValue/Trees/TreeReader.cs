using Balsa.KeyValue.Memory;

namespace Balsa.KeyValue.Trees;

/// <summary>Looks things up below one root. Any thread, as long as the root's view is held.</summary>
internal readonly struct TreeReader(PageReader pages, RecordReader records, int root)
{
    /// <summary>The newest record of the key, or 0.</summary>
    internal ulong Find(ReadOnlySpan<byte> key)
    {
        if (root == 0) return 0;
        var page = pages.Words(root);
        while (page[Page.Level] > 0) page = pages.Words((int)page[Page.Children + ChildOf(page, key)]);
        var (entry, found) = SearchLeaf(page, key);
        return found ? page[Page.References + entry] : 0;
    }

    /// <summary>The way to the key, or to the place where it would stand.</summary>
    internal bool Descend(ReadOnlySpan<byte> key, out TreePath path)
    {
        path = default;
        if (root == 0) return false;
        var number = root;
        while (true)
        {
            var page = pages.Words(number);
            if (page[Page.Level] == 0)
            {
                var (entry, found) = SearchLeaf(page, key);
                path.Add(number, entry);
                return found;
            }

            var child = ChildOf(page, key);
            path.Add(number, child);
            number = (int)page[Page.Children + child];
        }
    }

    /// <summary>Moves a path whose entry is beyond its leaf to the first entry of the next one that has any; false at the end.</summary>
    internal bool Settle(ref TreePath path)
    {
        if (path.Length == 0) return false;
        while (path.LeafEntry >= (int)pages.Words(path.Leaf)[Page.Entries])
        {
            var level = path.Length - 2;
            while (level >= 0 && path.EntryAt(level) + 1 >= (int)pages.Words(path.PageAt(level))[Page.Entries]) level--;
            if (level < 0) return false;
            path.SetEntry(level, path.EntryAt(level) + 1);
            path.CutTo(level + 1);
            for (var page = pages.Words(path.PageAt(level)); page[Page.Level] > 0;)
            {
                path.Add((int)page[Page.Children + path.EntryAt(path.Length - 1)], 0);
                page = pages.Words(path.Leaf);
            }
        }

        return true;
    }

    /// <summary>The way to behind the last key.</summary>
    internal void DescendToEnd(out TreePath path)
    {
        path = default;
        for (var number = root; number != 0;)
        {
            var page = pages.Words(number);
            var count = (int)page[Page.Entries];
            path.Add(number, page[Page.Level] == 0 ? count : count - 1);
            number = page[Page.Level] == 0 ? 0 : (int)page[Page.Children + count - 1];
        }
    }

    internal ReadOnlySpan<ulong> LeafOf(in TreePath path) => pages.Words(path.Leaf);

    internal ulong ReferenceAt(in TreePath path) => pages.Words(path.Leaf)[Page.References + path.LeafEntry];

    /// <summary>
    /// Live keys before the place that the path leads to, as counted when the root was made; the leaf itself is not counted.
    /// </summary>
    internal long CountBefore(in TreePath path)
    {
        var sum = 0L;
        for (var level = 0; level < path.Length - 1; level++)
        {
            var counts = pages.Words(path.PageAt(level))[Page.Counts..];
            for (var child = 0; child < path.EntryAt(level); child++) sum += (long)counts[child];
        }

        return sum;
    }

    /// <summary>The child whose keys include this one.</summary>
    internal int ChildOf(ReadOnlySpan<ulong> page, ReadOnlySpan<byte> key)
    {
        var head = Page.HeadOf(key, (int)page[Page.PrefixBytes]);
        var (low, high) = (1, (int)page[Page.Entries]);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var other = page[Page.Heads + middle];
            if (other == head ? Separator(page, middle).SequenceCompareTo(key) <= 0 : other < head) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    internal ReadOnlySpan<byte> Separator(ReadOnlySpan<ulong> page, int child) => records.Key(page[Page.Separators + child]);

    /// <summary>The first entry whose key is not smaller, and whether it is this key.</summary>
    internal (int Entry, bool Found) SearchLeaf(ReadOnlySpan<ulong> page, ReadOnlySpan<byte> key)
    {
        var head = Page.HeadOf(key, (int)page[Page.PrefixBytes]);
        var (low, high) = (0, (int)page[Page.Entries]);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var other = page[Page.Heads + middle];
            if (other == head)
            {
                var order = records.Key(page[Page.References + middle]).SequenceCompareTo(key);
                if (order == 0) return (middle, true);
                if (order < 0) low = middle + 1;
                else high = middle;
            }
            else if (other < head)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return (low, false);
    }
}

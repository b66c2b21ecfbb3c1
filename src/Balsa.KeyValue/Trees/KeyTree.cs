using Balsa.KeyValue.Memory;
using Balsa.KeyValue.Store;
using Balsa.Raft;

namespace Balsa.KeyValue.Trees;

/// <summary>
/// An ordered map from keys to the newest record of each: a B+tree whose published pages never change their shape. That a
/// key has a newer record is written into its leaf in place, because a reader who meets a record that is too new for it
/// finds its own behind it.
/// </summary>
internal sealed class KeyTree(PageHeap pages, RecordHeap records, Retirements retirements)
{
    /// <summary>0: the tree has no page yet.</summary>
    internal int Root { get; private set; }

    /// <summary>Keys whose newest record is no delete.</summary>
    internal long Live { get; private set; }

    /// <summary>Pages of this epoch are not published: they are changed in place.</summary>
    internal long Epoch { get; set; } = 1;

    internal TreeReader Reader => new(pages.Reader, records.Reader, Root);

    /// <summary>
    /// Puts another record in the key's place; the old one stands behind it. The key's number of live records changes by this.
    /// </summary>
    internal void Swing(ref TreePath path, ulong reference, int live)
    {
        if (live != 0) CountLive(ref path, live);
        Published.Write(ref pages.Words(path.Leaf)[Page.References + path.LeafEntry], reference);
    }

    /// <summary>
    /// Adds a key that a descent has just not found, at the place where it ended; its record counts as so many live ones.
    /// </summary>
    internal void Insert(ref TreePath path, ReadOnlySpan<byte> key, ulong reference, int live)
    {
        if (Root == 0)
        {
            Root = NewPage(0);
            path.Add(Root, 0);
        }

        while (true)
        {
            if (!IsFull(path.Leaf))
            {
                if (live != 0) CountLive(ref path, live);
                var leaf = Own(ref path, path.Length - 1);
                PageEdits.Open(leaf, path.LeafEntry);
                leaf[Page.Heads + path.LeafEntry] = Page.HeadOf(key, (int)leaf[Page.PrefixBytes]);
                leaf[Page.References + path.LeafEntry] = reference;
                return;
            }

            var level = path.Length - 1;
            while (level > 0 && IsFull(path.PageAt(level - 1))) level--;
            if (level == 0) GrowRoot();
            else Split(ref path, level, key);
            var found = Reader.Descend(key, out path);
            Invariant.Check(!found);
        }
    }

    /// <summary>Takes out an entry whose record is a delete.</summary>
    internal void Remove(ref TreePath path)
    {
        for (var level = 0; level < path.Length; level++) Own(ref path, level);
        PageEdits.Close(pages.Words(path.Leaf), path.LeafEntry);
        for (var level = path.Length - 1; level > 0 && TryMerge(ref path, level); level--)
        {
            // A merge takes an entry from the page above, which may be small enough to merge itself.
        }

        while (pages.Words(Root)[Page.Level] > 0 && pages.Words(Root)[Page.Entries] == 1)
        {
            var only = (int)pages.Words(Root)[Page.Children];
            retirements.Page(Root, Epoch);
            Root = only;
        }
    }

    private bool IsFull(int page)
    {
        var words = pages.Words(page);
        return (int)words[Page.Entries] == (words[Page.Level] == 0 ? Page.LeafMax : Page.InnerMax);
    }

    private int NewPage(ulong level)
    {
        var page = pages.Allocate();
        PageEdits.Clear(pages.Words(page), Epoch, level);
        return page;
    }

    private void CountLive(ref TreePath path, int live)
    {
        Live += live;
        for (var level = 0; level < path.Length - 1; level++)
        {
            var page = Own(ref path, level);
            page[Page.Counts + path.EntryAt(level)] += (ulong)(long)live;
        }
    }

    /// <summary>The page at a level of the path, copied first if it was published. The levels above are our own already.</summary>
    private Span<ulong> Own(ref TreePath path, int level)
    {
        var number = path.PageAt(level);
        var page = pages.Words(number);
        if ((long)page[Page.Epoch] == Epoch) return page;
        if (level > 0) Own(ref path, level - 1);
        var copyNumber = pages.Allocate();
        var copy = pages.Words(copyNumber);
        page.CopyTo(copy);
        copy[Page.Epoch] = (ulong)Epoch;
        retirements.Page(number, Epoch);
        if (level == 0) Root = copyNumber;
        else pages.Words(path.PageAt(level - 1))[Page.Children + path.EntryAt(level - 1)] = (ulong)copyNumber;
        path.SetPage(level, copyNumber);
        return copy;
    }

    private void GrowRoot()
    {
        var level = pages.Words(Root)[Page.Level] + 1;
        var grown = NewPage(level);
        var page = pages.Words(grown);
        page[Page.Entries] = 1;
        page[Page.Heads] = page[Page.Separators] = 0;
        page[Page.Children] = (ulong)Root;
        page[Page.Counts] = (ulong)Live;
        Root = grown;
    }

    /// <summary>
    /// Makes two pages of a full one. When the key goes to the far end, the new page begins with it, so that keys in order fill
    /// pages.
    /// </summary>
    private void Split(ref TreePath path, int level, ReadOnlySpan<byte> key)
    {
        var left = Own(ref path, level);
        var count = (int)left[Page.Entries];
        var (low, high) = (LowFence(path, level), HighFence(path, level));
        var isAtEnd = high == 0 && path.EntryAt(level) + (left[Page.Level] == 0 ? 0 : 1) == count;
        var middle = isAtEnd ? count - (left[Page.Level] == 0 ? 0 : 1) : count / 2;
        var separator = left[Page.Level] == 0 ? NewSeparator(left, middle, key) : left[Page.Separators + middle];
        var rightNumber = NewPage(left[Page.Level]);
        var right = pages.Words(rightNumber);
        PageEdits.Move(left, middle, right);
        if (right[Page.Level] > 0) right[Page.Separators] = 0;
        PageEdits.SetPrefix(left, CommonBytes(low, separator), records.Reader);
        PageEdits.SetPrefix(right, CommonBytes(separator, high), records.Reader);

        var parent = pages.Words(path.PageAt(level - 1));
        var entry = path.EntryAt(level - 1);
        PageEdits.Open(parent, entry + 1);
        parent[Page.Heads + entry + 1] = Page.HeadOf(records.Reader.Key(separator), (int)parent[Page.PrefixBytes]);
        parent[Page.Separators + entry + 1] = separator;
        parent[Page.Children + entry + 1] = (ulong)rightNumber;
        parent[Page.Counts + entry] = (ulong)PageEdits.CountLive(left, records.Reader);
        parent[Page.Counts + entry + 1] = (ulong)PageEdits.CountLive(right, records.Reader);
    }

    /// <summary>Makes one page of a small one and its neighbour, when they fit with room to spare.</summary>
    private bool TryMerge(ref TreePath path, int level)
    {
        var parent = pages.Words(path.PageAt(level - 1));
        var entry = path.EntryAt(level - 1);
        if (parent[Page.Entries] < 2) return false;
        if (entry + 1 == (int)parent[Page.Entries]) entry--;
        var (leftNumber, rightNumber) = ((int)parent[Page.Children + entry], (int)parent[Page.Children + entry + 1]);
        var (small, sum) = Sizes(pages.Words(leftNumber), pages.Words(rightNumber));
        var max = pages.Words(leftNumber)[Page.Level] == 0 ? Page.LeafMax : Page.InnerMax;
        if (small > max / 4 || (sum > max * 3 / 4 && (small > 1 || sum > max))) return false;

        path.SetEntry(level - 1, entry);
        path.SetPage(level, leftNumber);
        var left = Own(ref path, level);
        var right = pages.Words(rightNumber);
        var separator = parent[Page.Separators + entry + 1];
        var seam = (int)left[Page.Entries];
        // The right page may be one that is published; Move would shorten it.
        foreach (var column in PageEdits.ColumnsOf(right)) right.Slice(column, (int)right[Page.Entries]).CopyTo(left[(column + seam)..]);
        left[Page.Entries] += right[Page.Entries];
        if (left[Page.Level] > 0) left[Page.Separators + seam] = separator;
        else retirements.Record(separator, Epoch);
        parent[Page.Counts + entry] += parent[Page.Counts + entry + 1];
        PageEdits.Close(parent, entry + 1);
        retirements.Page(rightNumber, Epoch);
        PageEdits.SetPrefix(left, CommonBytes(LowFence(path, level), HighFence(path, level)), records.Reader);
        return true;
    }

    private static (int Small, int Sum) Sizes(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        var (a, b) = ((int)left[Page.Entries], (int)right[Page.Entries]);
        return (Math.Min(a, b), a + b);
    }

    /// <summary>The separator at or below all keys of the page; 0: there is none.</summary>
    private ulong LowFence(in TreePath path, int level)
    {
        for (var above = level - 1; above >= 0; above--)
            if (path.EntryAt(above) > 0) return pages.Words(path.PageAt(above))[Page.Separators + path.EntryAt(above)];
        return 0;
    }

    /// <summary>The separator above all keys of the page; 0: there is none.</summary>
    private ulong HighFence(in TreePath path, int level)
    {
        for (var above = level - 1; above >= 0; above--)
        {
            var page = pages.Words(path.PageAt(above));
            if (path.EntryAt(above) + 1 < (int)page[Page.Entries]) return page[Page.Separators + path.EntryAt(above) + 1];
        }

        return 0;
    }

    private int CommonBytes(ulong low, ulong high) =>
        low == 0 || high == 0 ? 0 : Page.CommonBytes(records.Reader.Key(low), records.Reader.Key(high));

    /// <summary>The shortest bytes that tell the keys left of the middle from those right of it.</summary>
    private ulong NewSeparator(ReadOnlySpan<ulong> leaf, int middle, ReadOnlySpan<byte> key)
    {
        var before = records.Reader.Key(leaf[Page.References + middle - 1]);
        var after = middle < (int)leaf[Page.Entries] ? records.Reader.Key(leaf[Page.References + middle]) : key;
        var separator = new Record { IsDelete = true, Key = after[..(Page.CommonBytes(before, after) + 1)] };
        var reference = records.Allocate(RecordCodec.Words(separator));
        RecordCodec.Write(records.Words(reference), separator, 0);
        return reference;
    }
}

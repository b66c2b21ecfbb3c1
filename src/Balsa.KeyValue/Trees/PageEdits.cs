using Balsa.KeyValue.Memory;

namespace Balsa.KeyValue.Trees;

/// <summary>Changes inside one page that nobody else reads yet.</summary>
internal static class PageEdits
{
    private static readonly int[] LeafColumns = [Page.Heads, Page.References];
    private static readonly int[] InnerColumns = [Page.Heads, Page.Separators, Page.Children, Page.Counts];

    internal static void Clear(Span<ulong> page, long epoch, ulong level)
    {
        page[Page.Entries] = 0;
        page[Page.Epoch] = (ulong)epoch;
        page[Page.PrefixBytes] = 0;
        page[Page.Level] = level;
    }

    internal static int[] ColumnsOf(ReadOnlySpan<ulong> page) => page[Page.Level] == 0 ? LeafColumns : InnerColumns;

    /// <summary>Makes room for an entry in every column.</summary>
    internal static void Open(Span<ulong> page, int entry)
    {
        var count = (int)page[Page.Entries];
        foreach (var column in ColumnsOf(page))
            page.Slice(column + entry, count - entry).CopyTo(page[(column + entry + 1)..]);
        page[Page.Entries]++;
    }

    internal static void Close(Span<ulong> page, int entry)
    {
        var count = (int)page[Page.Entries];
        foreach (var column in ColumnsOf(page))
            page.Slice(column + entry + 1, count - entry - 1).CopyTo(page[(column + entry)..]);
        page[Page.Entries]--;
    }

    /// <summary>Moves the entries from one place on to the end of another page of the same level.</summary>
    internal static void Move(Span<ulong> from, int entry, Span<ulong> to)
    {
        var moved = (int)from[Page.Entries] - entry;
        var end = (int)to[Page.Entries];
        foreach (var column in ColumnsOf(from)) from.Slice(column + entry, moved).CopyTo(to[(column + end)..]);
        from[Page.Entries] = (ulong)entry;
        to[Page.Entries] += (ulong)moved;
    }

    /// <summary>Writes every head anew, because the keys between the page's separators share another prefix now.</summary>
    internal static void SetPrefix(Span<ulong> page, int prefixBytes, RecordReader records)
    {
        page[Page.PrefixBytes] = (ulong)prefixBytes;
        var count = (int)page[Page.Entries];
        var isLeaf = page[Page.Level] == 0;
        var source = isLeaf ? Page.References : Page.Separators;
        for (var entry = isLeaf ? 0 : 1; entry < count; entry++)
            page[Page.Heads + entry] = Page.HeadOf(records.Key(page[source + entry]), prefixBytes);
    }

    /// <summary>Live keys in and below the page.</summary>
    internal static long CountLive(ReadOnlySpan<ulong> page, RecordReader records)
    {
        var count = (int)page[Page.Entries];
        var live = 0L;
        if (page[Page.Level] > 0)
        {
            for (var child = 0; child < count; child++) live += (long)page[Page.Counts + child];
            return live;
        }

        for (var entry = 0; entry < count; entry++)
            if (!records.IsDelete(page[Page.References + entry])) live++;
        return live;
    }
}

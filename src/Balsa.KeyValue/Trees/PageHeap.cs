namespace Balsa.KeyValue.Trees;

/// <summary>
/// Pages of a tree, 2 KiB each, in chunks of plain arrays. A page that was published is never changed in its shape: it is
/// copied, at most once for each published root, and the old one is used again when nobody can read it any more.
/// </summary>
internal sealed class PageHeap
{
    internal const int PageWords = 256;
    private const int PagesBits = 6, PagesMask = (1 << PagesBits) - 1, FolderBits = 12, FolderMask = (1 << FolderBits) - 1;

    private readonly ulong[]?[]?[] _chunks = new ulong[1 << 12][][];
    private readonly List<int> _free = [];
    private int _end = 1;

    internal long AllocatedBytes { get; private set; }

    internal long UsedBytes => (_end - 1 - _free.Count) * (PageWords * 8L);

    internal PageReader Reader => new(_chunks);

    internal Span<ulong> Words(int page) => Slot(_chunks, page);

    /// <summary>Two arrays deep and never replaced, like the table of records, and for the same reason.</summary>
    internal static Span<ulong> Slot(ulong[]?[]?[] chunks, int page)
    {
        var chunk = page >> PagesBits;
        return chunks[chunk >> FolderBits]![chunk & FolderMask].AsSpan((page & PagesMask) * PageWords, PageWords);
    }

    /// <summary>A page whose words are left over from before.</summary>
    internal int Allocate()
    {
        if (_free.Count > 0)
        {
            var reused = _free[^1];
            _free.RemoveAt(_free.Count - 1);
            return reused;
        }

        var page = _end++;
        var chunk = page >> PagesBits;
        var folder = _chunks[chunk >> FolderBits] ??= new ulong[FolderMask + 1][];
        if (folder[chunk & FolderMask] is null)
        {
            folder[chunk & FolderMask] = new ulong[PageWords << PagesBits];
            AllocatedBytes += PageWords * 8L << PagesBits;
        }

        return page;
    }

    internal void Free(int page) => _free.Add(page);
}

/// <summary>Reads pages by number. Any thread.</summary>
internal readonly struct PageReader(ulong[]?[]?[] chunks)
{
    internal ReadOnlySpan<ulong> Words(int page) => PageHeap.Slot(chunks, page);
}

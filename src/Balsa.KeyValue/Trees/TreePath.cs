using System.Runtime.CompilerServices;

namespace Balsa.KeyValue.Trees;

/// <summary>The way from the root to an entry of a leaf: pages and the entry taken in each.</summary>
internal struct TreePath
{
    /// <summary>A page that is not the root is at least an eighth full, so this holds more keys than memory does.</summary>
    internal const int LevelsMax = 20;

    private Steps _pages;
    private Steps _entries;

    /// <summary>How many pages; the leaf is the last.</summary>
    internal int Length { get; private set; }

    internal readonly int Leaf => _pages[Length - 1];

    internal readonly int LeafEntry => _entries[Length - 1];

    internal readonly int PageAt(int level) => _pages[level];

    internal readonly int EntryAt(int level) => _entries[level];

    internal void SetPage(int level, int page) => _pages[level] = page;

    internal void SetEntry(int level, int entry) => _entries[level] = entry;

    /// <summary>To the place behind the entry of the leaf; a reader settles it before it looks there.</summary>
    internal void MoveOn() => _entries[Length - 1]++;

    internal void Add(int page, int entry)
    {
        _pages[Length] = page;
        _entries[Length] = entry;
        Length++;
    }

    internal void CutTo(int length) => Length = length;

    [InlineArray(LevelsMax)]
    private struct Steps
    {
        private int _first;
    }
}

using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Judging.Searching;

/// <summary>
/// Rows of words that were seen before, one behind the other in one array. When there is no more room it takes in nothing
/// new: the search then does some work twice, and its verdict stays right.
/// </summary>
internal sealed class Seen(Room room)
{
    private const int FirstWords = 64;

    private ulong[] _words = new ulong[FirstWords];
    private int _used;
    private int[] _table = new int[FirstWords];
    private int _rows;

    /// <summary>False if the row was there already.</summary>
    internal bool Add(ReadOnlySpan<ulong> row)
    {
        var slot = Find(_table, row);
        if (_table[slot] != 0) return false;
        if (!HasRoom(row.Length)) return true;
        // A row is its length, then its words; the table holds one more than its place.
        _words[_used] = (ulong)row.Length;
        row.CopyTo(_words.AsSpan(_used + 1));
        _table[slot] = _used + 1;
        _used += row.Length + 1;
        if (++_rows * 2 > _table.Length) Rehash();
        return true;
    }

    /// <summary>Gives its room back for others.</summary>
    internal void Forget()
    {
        room.GiveBack(_words.Length - FirstWords);
        _words = [];
        _table = new int[1];
    }

    private bool HasRoom(int length)
    {
        if (_used + length < _words.Length) return true;
        var more = Math.Max(_words.Length, length + 1);
        if (_words.Length + (long)more > Array.MaxLength || !room.TryTake(more)) return false;
        Array.Resize(ref _words, _words.Length + more);
        return true;
    }

    private void Rehash()
    {
        var table = new int[_table.Length * 2];
        for (var place = 0; place < _used; place += (int)_words[place] + 1) table[Find(table, Row(place))] = place + 1;
        _table = table;
    }

    private int Find(int[] table, ReadOnlySpan<ulong> row)
    {
        var hash = 0UL;
        foreach (var word in row) hash = Mixing.Mix(hash, word);
        var slot = (int)(hash & (uint)(table.Length - 1));
        while (table[slot] != 0 && !Row(table[slot] - 1).SequenceEqual(row)) slot = (slot + 1) & (table.Length - 1);
        return slot;
    }

    private ReadOnlySpan<ulong> Row(int place) => _words.AsSpan(place + 1, (int)_words[place]);
}

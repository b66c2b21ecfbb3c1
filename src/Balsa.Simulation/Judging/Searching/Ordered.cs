namespace Balsa.Simulation.Judging.Searching;

/// <summary>
/// Which operations have been put in order, as bits. Known operations are numbered by their beginning and come first, so their
/// bits are ones, then a short mixed part, then zeros; only that part and the bits of the open operations are remembered.
/// </summary>
internal sealed class Ordered(int known, int open)
{
    private const int WordBits = 64;

    private readonly ulong[] _known = new ulong[Words(known) + 1];
    private readonly ulong[] _open = new ulong[Words(open)];
    private int _low;
    private int _high;

    /// <summary>The most words that a remembered form takes.</summary>
    internal int MostWords => 2 + _known.Length + _open.Length;

    internal bool Has(int operation)
    {
        var word = operation < known ? _known[operation / WordBits] : _open[(operation - known) / WordBits];
        return (word & Bit(operation)) != 0;
    }

    internal void Add(int operation)
    {
        if (operation >= known)
        {
            _open[(operation - known) / WordBits] |= Bit(operation);
            return;
        }

        var word = operation / WordBits;
        _known[word] |= Bit(operation);
        _high = Math.Max(_high, word + 1);
        // The last word is never full: it is there to stop this.
        while (_known[_low] == ulong.MaxValue) _low++;
    }

    internal void Remove(int operation)
    {
        if (operation >= known)
        {
            _open[(operation - known) / WordBits] &= ~Bit(operation);
            return;
        }

        var word = operation / WordBits;
        _known[word] &= ~Bit(operation);
        _low = Math.Min(_low, word);
        while (_high > 0 && _known[_high - 1] == 0) _high--;
    }

    /// <summary>The set and a state as words that are equal exactly if both are.</summary>
    internal ReadOnlySpan<ulong> Write(int state, ulong[] words)
    {
        var mixed = Math.Max(0, _high - _low);
        words[0] = ((ulong)(uint)state << 32) | (uint)_low;
        words[1] = (ulong)mixed;
        _known.AsSpan(_low, mixed).CopyTo(words.AsSpan(2));
        _open.CopyTo(words.AsSpan(2 + mixed));
        return words.AsSpan(0, 2 + mixed + _open.Length);
    }

    private static int Words(int bits) => (bits + WordBits - 1) / WordBits;

    private ulong Bit(int operation) => 1UL << ((operation < known ? operation : operation - known) % WordBits);
}

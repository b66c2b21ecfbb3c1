namespace Balsa.KeyValue.Trees;

/// <summary>
/// What the words of a page mean.
/// <code>
///             0        1        2         3          4 ...
/// +-----------+--------+--------+---------+----------+---------------------------------------------------------+
/// | entries   | epoch  | prefix | level   | heads    | leaf:  126 heads, 126 references of newest records      |
/// |           |        | bytes  | 0: leaf |          | inner: 63 heads, 63 separators, 63 children, 63 counts  |
/// +-----------+--------+--------+---------+----------+---------------------------------------------------------+
/// </code>
/// All keys that can ever come into a page share its first *prefix bytes*: they lie between two separators that do. A head
/// holds the eight bytes of the key behind them, so that most comparisons need no look at the record. Child 0 has no
/// separator; child <c>i</c> holds the keys from separator <c>i</c> on. A count says how many live keys are below a child.
/// </summary>
internal static class Page
{
    internal const int Entries = 0, Epoch = 1, PrefixBytes = 2, Level = 3, Heads = 4;
    internal const int LeafMax = 126, References = Heads + LeafMax;
    internal const int InnerMax = 63, Separators = Heads + InnerMax, Children = Separators + InnerMax, Counts = Children + InnerMax;

    /// <summary>Eight bytes of the key behind the prefix, padded with zeros, as a number of the same order.</summary>
    internal static ulong HeadOf(ReadOnlySpan<byte> key, int prefixBytes)
    {
        if (key.Length >= prefixBytes + 8) return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(key[prefixBytes..]);
        var head = 0UL;
        for (var i = prefixBytes; i < key.Length; i++) head |= (ulong)key[i] << (56 - 8 * (i - prefixBytes));
        return head;
    }

    internal static int CommonBytes(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.CommonPrefixLength(b);
}

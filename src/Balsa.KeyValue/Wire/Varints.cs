namespace Balsa.KeyValue.Wire;

/// <summary>Whole numbers in as few bytes as they need: seven bits a byte, lowest first.</summary>
internal static class Varints
{
    internal const int BytesMax = 10;

    internal static int Length(ulong value) => (63 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7 + 1;

    internal static int Write(Span<byte> into, ulong value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            into[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        into[at++] = (byte)value;
        return at;
    }

    /// <summary>The number of bytes read; 0 when there is no whole number, or one beyond 64 bits.</summary>
    internal static int Read(ReadOnlySpan<byte> from, out ulong value)
    {
        value = 0;
        for (var i = 0; i < from.Length && i < BytesMax; i++)
        {
            var part = from[i];
            if (i == BytesMax - 1 && part > 1) return 0;
            value |= (ulong)(part & 0x7f) << (7 * i);
            if (part < 0x80) return i + 1;
        }

        return 0;
    }
}

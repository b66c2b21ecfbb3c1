using System.Buffers.Binary;
using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Hashing;

/// <summary>
/// 64 bits from bytes, the same on every machine and in every build. It finds what differs by accident, not what somebody
/// made to collide.
/// </summary>
public static class Hash64
{
    private const ulong First = 0x9FB21C651E98DF25, Second = 0xD1B54A32D192ED03, Third = 0x8CB92BA72F3D8DD7;

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var (one, two) = (seed ^ First, seed ^ Second);
        var length = (ulong)bytes.Length;
        while (bytes.Length >= 32)
        {
            // Never the constant that the sum began with: two words would be interchangeable.
            one = Fold(one ^ Word(bytes), Third ^ Word(bytes[8..]));
            two = Fold(two ^ Word(bytes[16..]), First ^ Word(bytes[24..]));
            bytes = bytes[32..];
        }

        while (bytes.Length >= 8)
        {
            one = Fold(one ^ Word(bytes), Third ^ two);
            bytes = bytes[8..];
        }

        var rest = 0UL;
        for (var i = 0; i < bytes.Length; i++) rest |= (ulong)bytes[i] << (8 * i);
        return Fold(one ^ rest, two ^ Fold(length ^ Third, Second));
    }

    /// <summary>What a live key adds to the hash of the content.</summary>
    public static ulong OfKeyValue(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long created, long modified, long version, long lease)
    {
        var revisions = Fold((ulong)created ^ First, (ulong)modified ^ Second);
        var rest = Fold((ulong)version ^ Third, (ulong)lease ^ First);
        return Of(value, Of(key, Fold(revisions ^ Second, rest ^ Third)));
    }

    internal static ulong OfRecord(in Record record) =>
        OfKeyValue(record.Key, record.Value, record.Created, record.Modified, record.Version, record.Lease);

    /// <summary>One number from two, in this order.</summary>
    public static ulong Join(ulong one, ulong two) => Fold(one ^ First, two ^ Third) + one;

    private static ulong Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}

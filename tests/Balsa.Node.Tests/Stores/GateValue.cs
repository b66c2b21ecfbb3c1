using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Balsa.Node.Tests.Stores;

/// <summary>
/// Values that know where they belong: <c>amount | revision | length of the key | key | filling</c>, the filling made of the
/// rest. A piece of another record, or of the same at another time, does not fit.
/// </summary>
internal static class GateValue
{
    internal const int Accounts = 8, Items = 200;
    internal const long AmountEach = 1000;
    private const int AmountAt = 0, RevisionAt = 8, KeyLengthAt = 16, KeyAt = 20, FillingMax = 200;

    internal static byte[] Account(int number) => Key("account", number);

    internal static byte[] Item(int number) => Key("item", number);

    internal static byte[] Make(ReadOnlySpan<byte> key, long revision, long amount)
    {
        var filling = (int)((ulong)(revision * 7919 + key[^1]) % FillingMax);
        var value = new byte[KeyAt + key.Length + filling];
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(AmountAt), amount);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(RevisionAt), revision);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(KeyLengthAt), key.Length);
        key.CopyTo(value.AsSpan(KeyAt));
        for (var i = KeyAt + key.Length; i < value.Length; i++) value[i] = (byte)(revision + i);
        return value;
    }

    internal static long AmountOf(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt64LittleEndian(value[AmountAt..]);

    /// <summary>Whether the value was written for this key at this revision, and nothing in it has changed.</summary>
    internal static bool Fits(ReadOnlySpan<byte> value, ReadOnlySpan<byte> key, long revision) =>
        value.Length >= KeyAt && key.Length > 0 && value.SequenceEqual(Make(key, revision, AmountOf(value)));

    private static byte[] Key(string kind, int number) =>
        Encoding.ASCII.GetBytes($"{kind}/{number.ToString("d4", CultureInfo.InvariantCulture)}");
}

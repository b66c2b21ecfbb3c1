using System.Buffers.Binary;

namespace Balsa.KeyValue.Wire;

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote. It never throws: what is missing or wrong gives zero or nothing, and
/// <see cref="Failed"/> stays set, so that a decoder asks once at its end.
/// </summary>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>Everything was there and nothing is left over.</summary>
    public readonly bool EndedWell => !Failed && _rest.IsEmpty;

    public byte Byte()
    {
        if (_rest.IsEmpty) return Fail();
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public ulong Varint()
    {
        var length = Varints.Read(_rest, out var value);
        if (length == 0) return Fail();
        _rest = _rest[length..];
        return value;
    }

    public long Number() => (long)Varint();

    public ulong Fixed64()
    {
        if (_rest.Length < 8) return Fail();
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Varint();
        if (length > (ulong)_rest.Length)
        {
            Fail();
            return default;
        }

        var value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return value;
    }

    public ReadOnlySpan<byte> Rest()
    {
        var rest = _rest;
        _rest = default;
        return rest;
    }

    private byte Fail()
    {
        Failed = true;
        _rest = default;
        return 0;
    }
}

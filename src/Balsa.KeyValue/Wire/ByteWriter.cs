using System.Buffers.Binary;

namespace Balsa.KeyValue.Wire;

/// <summary>A growing buffer that is used again and again. What it shows is valid until the next write or <see cref="Clear"/>.</summary>
public sealed class ByteWriter
{
    private const int FirstBytes = 256, KeptMax = 8 << 20;

    private byte[] _bytes = new byte[FirstBytes];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        // A buffer that had to hold something very large once is not kept for it.
        if (_bytes.Length > KeptMax) _bytes = new byte[FirstBytes];
        _length = 0;
    }

    /// <summary>Forgets so many bytes at the beginning.</summary>
    internal void DropFirst(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
    }

    /// <summary>Forgets what was written after this length.</summary>
    public void CutTo(int length) => _length = length;

    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Seven bits a byte, the lowest first; the highest bit says that more follow.</summary>
    public void Varint(ulong value)
    {
        var into = Room(Varints.BytesMax);
        _length += Varints.Write(into, value);
    }

    /// <summary>As the unsigned number of the same bits: a negative one takes ten bytes.</summary>
    public void Varint(long value) => Varint((ulong)value);

    public void Fixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    /// <summary>Puts a number where <see cref="Fixed64"/> left room for it.</summary>
    internal void Overwrite64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(at), value);

    /// <summary>Length, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        Raw(value);
    }

    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Begins a part whose length is not known yet; <see cref="EndPart"/> puts the length before it.</summary>
    public int BeginPart()
    {
        Take(LengthRoom);
        return _length;
    }

    public void EndPart(int begin)
    {
        // A length of fixed room: the part need not move when its length is known.
        var length = (uint)(_length - begin);
        for (var i = 0; i < LengthRoom; i++)
        {
            var more = i < LengthRoom - 1 ? 0x80 : 0;
            _bytes[begin - LengthRoom + i] = (byte)((length >> (7 * i) & 0x7f) | (uint)more);
        }
    }

    /// <summary>The next bytes, to be filled by the caller at once.</summary>
    public Span<byte> Take(int count)
    {
        var span = Room(count)[..count];
        _length += count;
        return span;
    }

    private const int LengthRoom = 5;

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - _length < count)
        {
            var larger = new byte[Math.Max(_bytes.Length * 2, _length + count)];
            _bytes.AsSpan(0, _length).CopyTo(larger);
            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }
}

using System.Buffers.Binary;
using System.Text;
using Balsa.Raft;
using Balsa.Raft.Log;

namespace Balsa.Transport.Codec.Parcels;

/// <summary>Puts fields behind each other. Little-endian; texts and bytes have their length in front.</summary>
internal ref struct ParcelWriter(Span<byte> fields)
{
    internal const int IdBytes = 16, LengthBytes = 4;
    private Span<byte> _left = fields;

    internal readonly bool IsFull => _left.IsEmpty;

    internal static int TextBytes(string text) => LengthBytes + Encoding.UTF8.GetByteCount(text);

    internal void Byte(byte value)
    {
        _left[0] = value;
        _left = _left[1..];
    }

    internal void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    internal void Word(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_left, value);
        _left = _left[4..];
    }

    internal void Number(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_left, value);
        _left = _left[8..];
    }

    internal void Position(long value)
    {
        Invariant.Check(value >= 0);
        Number((ulong)value);
    }

    internal void Id(EntryId id)
    {
        Number(id.Term.Value);
        Number(id.Index.Value);
    }

    internal void Bytes(ReadOnlySpan<byte> bytes)
    {
        Word((uint)bytes.Length);
        bytes.CopyTo(_left);
        _left = _left[bytes.Length..];
    }

    /// <param name="bytesMax">More than this no reader takes.</param>
    internal void Text(string text, int bytesMax)
    {
        var written = Encoding.UTF8.GetBytes(text, _left[LengthBytes..]);
        Invariant.Check(written <= bytesMax);
        Word((uint)written);
        _left = _left[written..];
    }

    /// <summary>All that is left, to be filled in full.</summary>
    internal Span<byte> Rest()
    {
        var rest = _left;
        _left = default;
        return rest;
    }
}

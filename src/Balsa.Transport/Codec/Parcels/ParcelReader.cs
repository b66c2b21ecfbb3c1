using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Balsa.Raft.Log;

namespace Balsa.Transport.Codec.Parcels;

/// <summary>
/// Takes fields off, one behind the other. The first that is missing or impossible spoils the whole: from then on every
/// field is empty and <see cref="IsSound"/> is false, so that a parcel is checked once, at its end.
/// </summary>
internal ref struct ParcelReader(ReadOnlySpan<byte> fields)
{
    private ReadOnlySpan<byte> _left = fields;
    private bool _isSpoiled;

    /// <summary>Every field was there, and nothing is left over.</summary>
    internal readonly bool IsSound => !_isSpoiled && _left.IsEmpty;

    internal byte Byte() => TryTake(1, out var taken) ? taken[0] : (byte)0;

    internal bool Flag()
    {
        var value = Byte();
        if (value > 1) Spoil();
        return value == 1;
    }

    internal uint Word() => TryTake(4, out var taken) ? BinaryPrimitives.ReadUInt32LittleEndian(taken) : 0;

    internal ulong Number() => TryTake(8, out var taken) ? BinaryPrimitives.ReadUInt64LittleEndian(taken) : 0;

    /// <summary>A place in a file, or its size.</summary>
    internal long Position()
    {
        var value = Number();
        if (value <= long.MaxValue) return (long)value;
        Spoil();
        return 0;
    }

    internal LogIndex Index()
    {
        var index = new LogIndex(Number());
        if (index <= LogIndex.Max) return index;
        Spoil();
        return default;
    }

    internal Term Term()
    {
        var term = new Term(Number());
        if (term <= Raft.Log.Term.Max) return term;
        Spoil();
        return default;
    }

    internal EntryId Id() => new(Term(), Index());

    /// <summary>A copy. The length is compared with what is there before anything is allocated.</summary>
    internal byte[] Bytes() => TryTake(Word(), out var taken) ? taken.ToArray() : [];

    /// <summary>Proper UTF-8 of at most so many bytes.</summary>
    internal string Text(int bytesMax)
    {
        var length = Word();
        if (length > (uint)bytesMax) Spoil();
        if (!TryTake(length, out var taken)) return "";
        if (Utf8.IsValid(taken)) return Encoding.UTF8.GetString(taken);
        Spoil();
        return "";
    }

    internal readonly bool IsAtEnd => _left.IsEmpty;

    internal ReadOnlySpan<byte> Rest()
    {
        TryTake((uint)_left.Length, out var taken);
        return taken;
    }

    private bool TryTake(uint bytes, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (bytes > (uint)_left.Length) Spoil();
        if (_isSpoiled) return false;
        taken = _left[..(int)bytes];
        _left = _left[(int)bytes..];
        return true;
    }

    private void Spoil() => _isSpoiled = true;
}

using System.Numerics;

namespace Balsa.KeyValue.Slots;

/// <summary>
/// A growing array of structs in pieces. Growing moves nothing: no single command pays for a million items before it, and
/// references to items stay good. The first pieces double, so that a small table is small; a large one has so few pieces
/// that the garbage collector hardly notices it.
/// </summary>
internal sealed class SlotArray<T>
    where T : struct
{
    private const int FirstBits = 6, First = 1 << FirstBits, LargestBits = 14, Largest = 1 << LargestBits;

    private T[][] _pieces = [];

    internal int Length { get; private set; }

    internal ref T this[int slot]
    {
        get
        {
            var (piece, offset) = PlaceOf(slot);
            return ref _pieces[piece][offset];
        }
    }

    /// <summary>Makes every slot up to this one exist.</summary>
    internal void Reach(int slot)
    {
        while (Length <= slot) Add();
    }

    /// <summary>A new slot at the end; it holds what was there before if it was once taken away.</summary>
    internal int Add()
    {
        var (piece, offset) = PlaceOf(Length);
        if (offset == 0)
        {
            if (piece == _pieces.Length) Array.Resize(ref _pieces, Math.Max(4, piece * 2));
            _pieces[piece] ??= new T[Math.Min(First << Math.Min(piece, LargestBits), Largest)];
        }

        return Length++;
    }

    internal void RemoveLast() => Length--;

    /// <summary>Counted from <see cref="First"/> on, the highest bit of a number names its piece until pieces are large enough.</summary>
    private static (int Piece, int Offset) PlaceOf(int slot)
    {
        var number = slot + First;
        if (number >= Largest) return ((number >> LargestBits) + LargestBits - FirstBits - 1, number & (Largest - 1));
        var bits = BitOperations.Log2((uint)number);
        return (bits - FirstBits, number - (1 << bits));
    }
}

namespace Balsa.KeyValue.Slots;

/// <summary>
/// A growing array of structs in pieces. Growing moves nothing: no single command pays for a million items before it, and
/// references to items stay good.
/// </summary>
internal sealed class SlotArray<T>
    where T : struct
{
    private const int Bits = 8, Piece = 1 << Bits;

    private T[][] _pieces = [];

    internal int Length { get; private set; }

    internal ref T this[int slot] => ref _pieces[slot >> Bits][slot & (Piece - 1)];

    /// <summary>Makes every slot up to this one exist.</summary>
    internal void Reach(int slot)
    {
        while (Length <= slot) Add();
    }

    /// <summary>A new slot at the end; it holds what was there before if it was once taken away.</summary>
    internal int Add()
    {
        var piece = Length >> Bits;
        if (piece == _pieces.Length) Array.Resize(ref _pieces, Math.Max(4, piece * 2));
        _pieces[piece] ??= new T[Piece];
        return Length++;
    }

    internal void RemoveLast() => Length--;
}

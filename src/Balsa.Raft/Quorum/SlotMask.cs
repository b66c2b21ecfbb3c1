using System.Numerics;

namespace Balsa.Raft.Quorum;

/// <summary>A set of members as bits: each configured member has a slot from 0 to 63.</summary>
public readonly record struct SlotMask(ulong Bits)
{
    public const int SlotsMax = 64;

    public static SlotMask Empty => default;

    public int Count => BitOperations.PopCount(Bits);

    public bool IsEmpty => Bits == 0;

    public bool Contains(int slot) => (Bits & (1UL << slot)) != 0;

    public SlotMask With(int slot) => new(Bits | (1UL << slot));

    public SlotMask Without(int slot) => new(Bits & ~(1UL << slot));

    public static SlotMask operator &(SlotMask a, SlotMask b) => new(a.Bits & b.Bits);
    public static SlotMask operator |(SlotMask a, SlotMask b) => new(a.Bits | b.Bits);

    /// <summary>The members in slot order, without an allocation: foreach over a struct.</summary>
    public Slots GetEnumerator() => new(Bits);

    public struct Slots
    {
        private ulong _rest;

        internal Slots(ulong bits) => _rest = bits;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest == 0) return false;
            Current = BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}

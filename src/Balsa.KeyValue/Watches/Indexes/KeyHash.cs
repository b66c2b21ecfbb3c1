using System.Buffers.Binary;
using System.Numerics;

namespace Balsa.KeyValue.Watches.Indexes;

/// <summary>A hash of a key that is the same in every process with the same seed.</summary>
internal static class KeyHash
{
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15, OtherOdd = 0xD6E8_FEB8_6659_FD93;

    public static uint Of(ReadOnlySpan<byte> key, ulong seed)
    {
        var state = seed ^ ((ulong)key.Length * Odd);
        for (; key.Length >= 8; key = key[8..]) state = Mixed(state, BinaryPrimitives.ReadUInt64LittleEndian(key));
        var rest = 0UL;
        foreach (var one in key) rest = (rest << 8) | one;
        state = Mixed(state, rest);
        return (uint)(state >> 32) ^ (uint)state;
    }

    private static ulong Mixed(ulong state, ulong word)
    {
        state = (state ^ word) * Odd;
        state = BitOperations.RotateLeft(state, 29) * OtherOdd;
        return state ^ (state >> 32);
    }
}

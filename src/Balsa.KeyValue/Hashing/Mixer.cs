using System.Buffers.Binary;
using System.Numerics;

namespace Balsa.KeyValue.Hashing;

/// <summary>
/// Spreads numbers over 64 bits, the same in every process. The hashes of single items are added up, so an item must look
/// random whatever is in it: otherwise two changes could cancel each other.
/// </summary>
internal static class Mixer
{
    private const ulong Step = 0x9e3779b97f4a7c15, First = 0xbf58476d1ce4e5b9, Second = 0x94d049bb133111eb;

    /// <summary>Both numbers count, and so does which is which.</summary>
    internal static ulong Mix(ulong a, ulong b) => Finish(BitOperations.RotateLeft(a * Second + Step, 32) ^ (b * First));

    /// <summary>Every bit of the input touches every bit of the result, and no two inputs share one.</summary>
    internal static ulong Finish(ulong value)
    {
        value = (value ^ (value >> 30)) * First;
        value = (value ^ (value >> 27)) * Second;
        return value ^ (value >> 31);
    }

    internal static ulong Bytes(ReadOnlySpan<byte> bytes)
    {
        var sum = Finish((ulong)bytes.Length + Step);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            sum = (BitOperations.RotateLeft(sum, 29) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * Second;
        }

        var last = 0UL;
        for (var i = 0; i < bytes.Length; i++) last |= (ulong)bytes[i] << (8 * i);
        return Mix(sum, last);
    }
}

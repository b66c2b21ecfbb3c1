using System.Buffers.Binary;
using System.Numerics;

namespace Balsa.Raft.Log;

/// <summary>The checksum of every payload, frame and record (Castagnoli's polynomial; "123456789" gives E3069283).</summary>
public static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Continue(0, bytes);

    /// <summary>The checksum of what <paramref name="soFar"/> covers followed by <paramref name="bytes"/>.</summary>
    public static uint Continue(uint soFar, ReadOnlySpan<byte> bytes)
    {
        var crc = ~soFar;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var single in bytes) crc = BitOperations.Crc32C(crc, single);
        return ~crc;
    }
}

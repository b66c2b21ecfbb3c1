using System.Buffers.Binary;

namespace Balsa.KeyValue.Commands;

/// <summary>What a command did: the revision after it, and whether the key had been there.</summary>
public readonly record struct Answer(ulong Revision, bool Existed)
{
    private const int Bytes = 9;

    public byte[] Write()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Revision);
        bytes[8] = Existed ? (byte)1 : (byte)0;
        return bytes;
    }

    public static Answer Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), bytes[8] != 0);
}

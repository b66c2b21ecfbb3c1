using System.Buffers.Binary;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Commands;

/// <summary>
/// Bodies that earlier builds wrote. Version 1 of put and delete: <c>4 key length, little-endian | key | value</c>, and a
/// delete has no value.
/// </summary>
internal static class EarlierCommands
{
    private const ushort First = 1;
    private const int LengthBytes = 4;

    internal static bool Knows(CommandKind kind, ushort version) =>
        version == First && kind is CommandKind.Put or CommandKind.Delete;

    /// <summary>The same command as this build writes it; false when the bytes are no command.</summary>
    internal static bool TryTranslate(CommandKind kind, ref ReadOnlySpan<byte> body)
    {
        if (body.Length < LengthBytes) return false;
        var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(body);
        if (keyBytes > (uint)(body.Length - LengthBytes)) return false;
        var key = body.Slice(LengthBytes, (int)keyBytes);
        var value = body[(LengthBytes + key.Length)..];
        var translated = new ByteWriter();
        if (kind == CommandKind.Put) new PutCommand { Key = key, Value = value }.Write(translated);
        else if (value.IsEmpty) new DeleteCommand { Key = key }.Write(translated);
        else return false;
        body = translated.Written;
        return true;
    }
}

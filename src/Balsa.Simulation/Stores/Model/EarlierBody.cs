using System.Buffers.Binary;
using Balsa.KeyValue.Commands;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Model;

/// <summary>Version 1 of put and delete: <c>4 key length | key | value</c>.</summary>
internal static class EarlierBody
{
    /// <summary>The same in the version of today; null when the bytes are no command.</summary>
    internal static byte[]? Translate(CommandKind kind, ReadOnlySpan<byte> body)
    {
        if (body.Length < 4) return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(body);
        if (length > body.Length - 4) return null;
        var key = body.Slice(4, (int)length).ToArray();
        var value = body[(4 + key.Length)..].ToArray();
        if (kind == CommandKind.Put) return new PlainPut(key, value, 0, PutOptions.None).ToBytes();
        return value.Length == 0 ? new PlainDelete(key, [], false).ToBytes() : null;
    }

    internal static byte[] Write(byte[] key, byte[] value)
    {
        var body = new byte[4 + key.Length + value.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(body, (uint)key.Length);
        key.CopyTo(body, 4);
        value.CopyTo(body, 4 + key.Length);
        return body;
    }
}

using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Balsa.Server.Protocol;

/// <summary>JSON documents over a stream socket, each behind its length (4 bytes, little-endian).</summary>
public static class JsonFrames
{
    public const int RequestBytesMax = 4 << 20;
    public const int ResponseBytesMax = 16 << 20;
    private const int LengthBytes = 4;

    public static async Task WriteAsync<T>(Socket socket, T value, JsonTypeInfo<T> type, CancellationToken stop)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var frame = new byte[LengthBytes + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        json.CopyTo(frame, LengthBytes);
        ReadOnlyMemory<byte> rest = frame;
        while (!rest.IsEmpty) rest = rest[await socket.SendAsync(rest, SocketFlags.None, stop)..];
    }

    /// <summary>Sends what needs no answer, if there is room for it now.</summary>
    public static void TrySend<T>(Socket socket, T value, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var frame = new byte[LengthBytes + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        json.CopyTo(frame, LengthBytes);
        try
        {
            socket.Blocking = false;
            socket.Send(frame);
        }
        catch (SocketException)
        {
            // Whoever sends this does without.
        }
    }

    /// <summary>The same over any stream, for whoever was handed a connection that is no socket any more.</summary>
    public static async Task WriteAsync<T>(Stream stream, T value, JsonTypeInfo<T> type, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var frame = new byte[LengthBytes + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        json.CopyTo(frame, LengthBytes);
        await stream.WriteAsync(frame, stop);
    }

    /// <summary>Null at the end of the stream.</summary>
    /// <exception cref="JsonException">The bytes are not what they should be; the stream cannot be used any more.</exception>
    public static async Task<T?> ReadAsync<T>(Stream stream, JsonTypeInfo<T> type, int bytesMax, CancellationToken stop)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(stream);
        var head = new byte[LengthBytes];
        if (await stream.ReadAtLeastAsync(head, LengthBytes, throwOnEndOfStream: false, stop) < LengthBytes) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length <= 0 || length > bytesMax) throw new JsonException($"a document of {length} bytes; at most {bytesMax} are taken");
        var body = new byte[length];
        if (await stream.ReadAtLeastAsync(body, length, throwOnEndOfStream: false, stop) < length) return null;
        return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null is no document");
    }

    /// <summary>Null at the end of the connection.</summary>
    /// <exception cref="JsonException">The bytes are not what they should be; the connection cannot be used any more.</exception>
    public static async Task<T?> ReadAsync<T>(Socket socket, JsonTypeInfo<T> type, int bytesMax, CancellationToken stop)
        where T : class
    {
        var head = new byte[LengthBytes];
        if (!await FillAsync(socket, head, stop)) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length <= 0 || length > bytesMax) throw new JsonException($"a document of {length} bytes; at most {bytesMax} are taken");
        var body = new byte[length];
        if (!await FillAsync(socket, body, stop)) return null;
        return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null is no document");
    }

    private static async Task<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken stop)
    {
        while (!buffer.IsEmpty)
        {
            var received = await socket.ReceiveAsync(buffer, SocketFlags.None, stop);
            if (received == 0) return false;
            buffer = buffer[received..];
        }

        return true;
    }
}

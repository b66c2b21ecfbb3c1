using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Balsa.Grpc.Wire;

/// <summary>A message on the wire: a byte that says whether it is compressed, its length (4 bytes, big-endian), itself.</summary>
internal static class Frames
{
    internal const int HeadBytes = 5;

    /// <summary>Returns how many bytes it wrote.</summary>
    internal static int Write(IBufferWriter<byte> into, IMessage message)
    {
        var size = message.CalculateSize();
        var frame = into.GetSpan(HeadBytes + size);
        frame[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[1..], size);
        message.WriteTo(frame.Slice(HeadBytes, size));
        into.Advance(HeadBytes + size);
        return HeadBytes + size;
    }

    /// <summary>Looks at the head of a frame; false when it is not there yet.</summary>
    /// <exception cref="GrpcException">The frame will not be taken, whatever follows.</exception>
    internal static bool TryReadHead(in ReadOnlySequence<byte> bytes, int bytesMax, out int length)
    {
        length = 0;
        if (bytes.Length < HeadBytes) return false;
        Span<byte> head = stackalloc byte[HeadBytes];
        bytes.Slice(0, HeadBytes).CopyTo(head);
        if (head[0] > 1) throw new GrpcException(StatusCode.Internal, $"grpc: received unexpected payload format {head[0]}");
        var announced = BinaryPrimitives.ReadUInt32BigEndian(head[1..]);
        if (announced > (uint)bytesMax)
            throw new GrpcException(StatusCode.ResourceExhausted, $"grpc: received message larger than max ({announced} vs. {bytesMax})");
        if (head[0] == 1)
            throw new GrpcException(StatusCode.Internal, "grpc: compressed flag set with identity or empty encoding");
        length = (int)announced;
        return true;
    }
}

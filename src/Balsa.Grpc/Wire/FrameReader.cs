using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Balsa.Grpc.Wire;

/// <summary>Takes messages out of a stream of bytes, one after the other. One reader at a time.</summary>
internal sealed class FrameReader<T>(PipeReader source, MessageParser<T> parser, int bytesMax) where T : class, IMessage<T>
{
    /// <summary>Frames read so far, with their heads.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The next message; null at the end of the stream.</summary>
    /// <exception cref="GrpcException">What came is no message, or too large a one.</exception>
    internal async ValueTask<T?> ReadAsync(CancellationToken stop)
    {
        var wanted = Frames.HeadBytes;
        while (true)
        {
            var read = await source.ReadAtLeastAsync(wanted, stop);
            var buffer = read.Buffer;
            if (read.IsCanceled) throw new OperationCanceledException(stop);
            if (Frames.TryReadHead(buffer, bytesMax, out var length) && buffer.Length >= Frames.HeadBytes + length)
            {
                var message = Parse(buffer.Slice(Frames.HeadBytes, length));
                source.AdvanceTo(buffer.GetPosition(Frames.HeadBytes + length));
                Bytes += Frames.HeadBytes + length;
                return message;
            }

            if (read.IsCompleted) return buffer.IsEmpty ? null : throw new GrpcException(StatusCode.Internal, "unexpected EOF");
            source.AdvanceTo(buffer.Start, buffer.End);
            wanted = Frames.HeadBytes + length;
        }
    }

    private T Parse(in ReadOnlySequence<byte> bytes)
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw new GrpcException(StatusCode.Internal, $"grpc: error unmarshalling request: {problem.Message}", problem);
        }
    }
}

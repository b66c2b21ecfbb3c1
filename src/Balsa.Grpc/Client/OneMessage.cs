using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Balsa.Grpc.Wire;
using Google.Protobuf;

namespace Balsa.Grpc.Client;

/// <summary>The body of a call with one request.</summary>
internal sealed class OneMessage : HttpContent
{
    private readonly ArrayBufferWriter<byte> _frame;

    internal OneMessage(IMessage message)
    {
        _frame = new ArrayBufferWriter<byte>(Frames.HeadBytes + message.CalculateSize());
        Frames.Write(_frame, message);
        Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        stream.WriteAsync(_frame.WrittenMemory).AsTask();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_frame.WrittenMemory, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        // Said, it would only be one more header; the stream's end says it, too.
        length = 0;
        return false;
    }
}

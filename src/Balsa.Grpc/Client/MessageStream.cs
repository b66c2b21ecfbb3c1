using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Balsa.Grpc.Wire;
using Google.Protobuf;

namespace Balsa.Grpc.Client;

/// <summary>The body of a call that goes on sending: open from the first header until it is completed. One writer at a time goes
/// out, the others wait.</summary>
internal sealed class MessageStream : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ArrayBufferWriter<byte> _frame = new();

    internal MessageStream() => Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.ContentType);

    internal async Task WriteAsync(IMessage message, CancellationToken stop)
    {
        var stream = await _opened.Task.WaitAsync(stop);
        await _turn.WaitAsync(stop);
        try
        {
            if (_completed.Task.IsCompleted) throw new InvalidOperationException("The last message of this call was sent already.");
            _frame.ResetWrittenCount();
            Frames.Write(_frame, message);
            await stream.WriteAsync(_frame.WrittenMemory, stop);
            await stream.FlushAsync(stop);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The call failed before the stream was open: whoever waits to write hears of it.</summary>
    internal void Fail(Exception problem) => _opened.TrySetException(problem);

    internal void Complete() => _completed.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The server shall hear of the call although there is no message yet.
        await stream.FlushAsync(cancellationToken);
        _opened.TrySetResult(stream);
        await _completed.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _opened.TrySetCanceled();
            _completed.TrySetResult();
        }

        base.Dispose(disposing);
    }
}

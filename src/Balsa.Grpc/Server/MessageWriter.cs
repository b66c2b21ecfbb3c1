using Balsa.Grpc.Wire;
using Google.Protobuf;

namespace Balsa.Grpc.Server;

/// <summary>The messages to a client. Any number of writers may call at once: each message goes out whole.</summary>
public sealed class MessageWriter<T> : IDisposable where T : class, IMessage<T>
{
    private readonly ServerCall _call;
    private readonly SemaphoreSlim _turn = new(1, 1);

    internal MessageWriter(ServerCall call) => _call = call;

    /// <summary>Waits while the client is slow to take what was sent.</summary>
    /// <exception cref="OperationCanceledException">The call is over.</exception>
    public async ValueTask WriteAsync(T message)
    {
        await _turn.WaitAsync(_call.Over);
        try
        {
            _call.Over.ThrowIfCancellationRequested();
            Put(message);
            await _call.Http.Response.BodyWriter.FlushAsync(_call.Over);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Without a flush: it leaves together with what comes next.</summary>
    internal void Put(T message)
    {
        _call.HasWritten = true;
        _call.Counters.Send(Frames.Write(_call.Http.Response.BodyWriter, message));
    }
}

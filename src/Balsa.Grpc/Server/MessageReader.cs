using Balsa.Grpc.Wire;
using Google.Protobuf;

namespace Balsa.Grpc.Server;

/// <summary>The messages of a client, one after the other. One reader at a time.</summary>
public sealed class MessageReader<T> where T : class, IMessage<T>
{
    private readonly ServerCall _call;
    private readonly FrameReader<T> _frames;

    internal MessageReader(ServerCall call, MessageParser<T> parser)
    {
        _call = call;
        _frames = new FrameReader<T>(call.Http.Request.BodyReader, parser, call.RequestBytesMax);
    }

    /// <summary>The next one; null when the client has sent its last. It may still wait for answers then.</summary>
    public async ValueTask<T?> ReadAsync()
    {
        var before = _frames.Bytes;
        var message = await _frames.ReadAsync(_call.Over);
        if (message is not null) _call.Counters.Receive(_frames.Bytes - before);
        return message;
    }

    /// <summary>The only message of a call that has one.</summary>
    internal async ValueTask<T> ReadOnlyAsync()
    {
        if (await ReadAsync() is not { } message)
            throw new GrpcException(StatusCode.Internal, "cardinality violation: the client sent no message");
        if (await ReadAsync() is not null)
            throw new GrpcException(StatusCode.Internal, "cardinality violation: the client sent more than one message");
        return message;
    }
}

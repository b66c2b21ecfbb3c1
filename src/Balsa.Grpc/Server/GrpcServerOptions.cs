namespace Balsa.Grpc.Server;

/// <summary>What holds for every call.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>A longer request message is refused before it is read.</summary>
    public int RequestBytesMax { get; init; } = 2 << 20;

    /// <summary>Cancelled when the server stops: calls that still run end, and are told so.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>What calls are told that the stop of the server ends.</summary>
    public GrpcException Stopped { get; init; } = new(StatusCode.Unavailable, "the server is stopping");

    /// <summary>What callers whose time is over are told.</summary>
    public string DeadlineMessage { get; init; } = "context deadline exceeded";

    /// <summary>Told of exceptions that no handler should let through; the caller learns only that there was one.</summary>
    public Action<Exception> Report { get; init; } = _ => { };
}

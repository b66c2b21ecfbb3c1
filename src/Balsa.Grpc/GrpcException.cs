namespace Balsa.Grpc;

/// <summary>A call that did not end well: thrown by handlers to refuse, and by clients that were refused.</summary>
public sealed class GrpcException(StatusCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    public StatusCode Code { get; } = code;
}

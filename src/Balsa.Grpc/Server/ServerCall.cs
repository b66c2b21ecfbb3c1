using System.Globalization;
using Balsa.Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Balsa.Grpc.Server;

/// <summary>One call as its handler sees it.</summary>
public sealed class ServerCall : IDisposable
{
    private readonly GrpcServerOptions _options;
    private readonly CancellationTokenSource _over;

    internal ServerCall(HttpContext http, MethodCounters counters, GrpcServerOptions options)
    {
        (Http, Counters, _options) = (http, counters, options);
        _over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, options.Stopping);
    }

    /// <summary>The client went away, its deadline passed, or the server stops: nobody waits for an answer any more.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>How long the caller waits, counted from its call; null when it did not say.</summary>
    public TimeSpan? Timeout { get; private set; }

    /// <summary>Address of the caller.</summary>
    public string Peer => string.Create(
        CultureInfo.InvariantCulture, $"{Http.Connection.RemoteIpAddress}:{Http.Connection.RemotePort}");

    internal HttpContext Http { get; }

    internal MethodCounters Counters { get; }

    internal int RequestBytesMax => _options.RequestBytesMax;

    /// <summary>Something was sent: from now on the status goes behind it.</summary>
    internal bool HasWritten { get; set; }

    /// <summary>A header that the client sent along; null when there is none. Of several with this name the first.</summary>
    public string? Metadata(string name) => Http.Request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    public void Dispose() => _over.Dispose();

    /// <summary>Looks at what can be refused before a message is read.</summary>
    internal void Check()
    {
        var encoding = Metadata(HeaderNames.Encoding);
        if (encoding is not null and not HeaderNames.Identity)
        {
            Http.Response.Headers[HeaderNames.AcceptEncoding] = HeaderNames.Identity;
            throw new GrpcException(
                StatusCode.Unimplemented, $"grpc: Decompressor is not installed for grpc-encoding \"{encoding}\"");
        }

        if (Metadata(HeaderNames.Timeout) is not { } text) return;
        if (!TimeoutText.TryParse(text, out var timeout))
            throw new GrpcException(StatusCode.Internal, $"malformed grpc-timeout: \"{text}\"");
        Timeout = timeout;
        if (timeout <= TimeSpan.Zero) _over.Cancel();
        // A timer cannot be set for longer, and the connection will not last as long.
        else if (timeout.TotalMilliseconds < int.MaxValue) _over.CancelAfter(timeout);
    }

    /// <summary>What the caller is told of an exception.</summary>
    internal GrpcException Explain(Exception problem)
    {
        if (problem is GrpcException known) return known;
        if (Http.RequestAborted.IsCancellationRequested) return new GrpcException(StatusCode.Cancelled, "context canceled", problem);
        if (_options.Stopping.IsCancellationRequested) return _options.Stopped;
        if (_over.IsCancellationRequested) return new GrpcException(StatusCode.DeadlineExceeded, _options.DeadlineMessage, problem);
        if (problem is IOException) return new GrpcException(StatusCode.Internal, "unexpected EOF", problem);
        _options.Report(problem);
        return new GrpcException(StatusCode.Internal, "balsa: an error inside the server; its messages say more", problem);
    }
}

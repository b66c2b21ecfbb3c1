using System.Net;
using System.Net.Security;
using Google.Protobuf;

namespace Balsa.Grpc.Client;

/// <summary>The way to one server: one connection that carries any number of calls, opened by the first and again when it broke.</summary>
public sealed class GrpcChannel : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private readonly int _responseBytesMax;

    /// <param name="address">Scheme, host and port: <c>http://127.0.0.1:2379</c>.</param>
    /// <param name="responseBytesMax">A longer answer ends the call as <see cref="StatusCode.ResourceExhausted"/>.</param>
    /// <param name="security">For <c>https</c>: whom to trust and who to be.</param>
    public GrpcChannel(Uri address, int responseBytesMax = int.MaxValue, SslClientAuthenticationOptions? security = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        (_address, _responseBytesMax) = (address, responseBytesMax);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false, AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // A connection over which nothing comes back any more is found while calls wait on it.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10), KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            // Where a trace of ours goes is decided elsewhere; the framework would add a header to each call.
            ActivityHeadersPropagator = null,
        };
        if (security is not null) handler.SslOptions = security;
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>One request, one answer.</summary>
    /// <exception cref="GrpcException">The call did not end well.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, CallOptions? options = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        using var call = Begin(method, new OneMessage(request), options);
        var response = await call.ReadAsync();
        var second = response is null ? null : await call.ReadAsync();
        if (response is null || second is not null)
            throw new GrpcException(StatusCode.Internal, "cardinality violation: the server did not send exactly one message");
        return response;
    }

    /// <summary>One request, any number of answers.</summary>
    public GrpcCall<TRequest, TResponse> Ask<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, CallOptions? options = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => Begin(method, new OneMessage(request), options);

    /// <summary>Messages both ways.</summary>
    public GrpcCall<TRequest, TResponse> Open<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, CallOptions? options = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => Begin(method, new MessageStream(), options);

    public void Dispose() => _http.Dispose();

    private GrpcCall<TRequest, TResponse> Begin<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, HttpContent content, CallOptions? options)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        return new GrpcCall<TRequest, TResponse>(
            _http, new Uri(_address, method.Path), method.Responses, content, options ?? CallOptions.None, _responseBytesMax);
    }
}

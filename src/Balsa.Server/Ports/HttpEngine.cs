using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Balsa.Server.Ports;

/// <summary>Kestrel without a port of its own, without a host and without configuration: connections are handed in.</summary>
internal sealed class HttpEngine : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly PortLimits _limits;
    private readonly Application _application;
    private readonly HandedConnections _http1 = new("http/1.1"), _http2 = new("http/2");

    internal HttpEngine(PortLimits limits, PortCounters counters, RequestDelegate handle, Action<string> note)
    {
        (_limits, _application) = (limits, new Application(handle));
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = new NoServices() };
        Bound(options.Limits);
        options.Listen(_http1, listen => Serve(listen, HttpProtocols.Http1));
        options.Listen(_http2, listen => Serve(listen, HttpProtocols.Http2));
        var log = new EngineLog(() => counters.Refuse(PortRefusal.RulesBroken), note);
        _kestrel = new KestrelServer(Options.Create(options), new HandedConnections.Factory(), log);
    }

    internal Task StartAsync() => _kestrel.StartAsync(_application, CancellationToken.None);

    /// <summary>Serves the connection until it is over.</summary>
    internal async Task ServeAsync(PortProtocol protocol, ConnectionContext connection)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Items[typeof(HttpEngine)] = over;
        if ((protocol == PortProtocol.Http2 ? _http2 : _http1).TryHand(connection)) await over.Task;
        else await connection.DisposeAsync();
    }

    /// <summary>Lets requests that are under way end for a while, and cuts off what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(_limits.LastAnswers);
        await _kestrel.StopAsync(limit.Token);
        _kestrel.Dispose();
    }

    private void Bound(KestrelServerLimits limits)
    {
        limits.KeepAliveTimeout = _limits.IdleMax;
        limits.RequestHeadersTimeout = _limits.HeadersMax;
        limits.MaxRequestHeadersTotalSize = _limits.HeaderBytesMax;
        limits.Http2.MaxRequestHeaderFieldSize = _limits.HeaderBytesMax / 2;
        limits.Http2.MaxStreamsPerConnection = _limits.StreamsMax;
        limits.Http2.KeepAlivePingDelay = _limits.PingInterval;
        limits.Http2.KeepAlivePingTimeout = _limits.PingTimeout;
        // Streams are open for days and mostly say nothing; sizes are bounded message by message.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
    }

    private static void Serve(ListenOptions listen, HttpProtocols protocols)
    {
        listen.Protocols = protocols;
        listen.Use(next => async connection =>
        {
            try
            {
                await next(connection);
            }
            finally
            {
                if (connection.Items.TryGetValue(typeof(HttpEngine), out var over)) ((TaskCompletionSource)over!).TrySetResult();
            }
        });
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    /// <summary>Makes the context of each request; the one of the last request on the same connection or stream is used again.</summary>
    private sealed class Application(RequestDelegate handle) : IHttpApplication<DefaultHttpContext>
    {
        public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
        {
            if (contextFeatures is not IHostContextContainer<DefaultHttpContext> container) return new DefaultHttpContext(contextFeatures);
            if (container.HostContext is not { } used) return container.HostContext = new DefaultHttpContext(contextFeatures);
            used.Initialize(contextFeatures);
            return used;
        }

        public Task ProcessRequestAsync(DefaultHttpContext context) => handle(context);

        public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
    }
}

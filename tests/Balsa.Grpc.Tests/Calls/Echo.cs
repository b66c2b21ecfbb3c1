using Balsa.Grpc.Client;
using Balsa.Grpc.Server;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Balsa.Grpc.Tests.Calls;

/// <summary>A real server on a free port of the loopback, with methods that do what tests need.</summary>
internal sealed class Echo : IHttpApplication<HttpContext>, IAsyncDisposable
{
    internal const string Service = "balsa.test.Echo";
    internal const int RequestBytesMax = 100_000;

    private readonly KestrelServer _kestrel;
    private readonly GrpcServer _grpc;
    private readonly CancellationTokenSource _stopping = new();

    private Echo(RequestDelegate? other)
    {
        Other = other;
        var options = new KestrelServerOptions();
        options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        _kestrel = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        Services = new ServiceTable().Add(Say, SayAsync).Add(Fail, FailAsync).Add(Wait, WaitAsync)
            .AddServerStream(Count, CountAsync).AddDuplex(Talk, TalkAsync).AddDuplex(Chorus, ChorusAsync);
        _grpc = new GrpcServer(Services, new GrpcServerOptions
        {
            RequestBytesMax = RequestBytesMax, Stopping = _stopping.Token, Report = problem => Reported = problem,
        });
    }

    internal static GrpcMethod<StringValue, StringValue> Say { get; } = new(Service, "Say");

    /// <summary>Refuses with the code that the request names; an unknown one is an exception that nobody expects.</summary>
    internal static GrpcMethod<Int32Value, StringValue> Fail { get; } = new(Service, "Fail");

    /// <summary>Waits until nobody waits for it any more.</summary>
    internal static GrpcMethod<StringValue, StringValue> Wait { get; } = new(Service, "Wait");

    internal static GrpcMethod<Int32Value, StringValue> Count { get; } = new(Service, "Count", MethodKind.ServerStream);

    internal static GrpcMethod<StringValue, StringValue> Talk { get; } = new(Service, "Talk", MethodKind.Duplex);

    /// <summary>Many writers at once: as many as the request says, a hundred messages each.</summary>
    internal static GrpcMethod<Int32Value, StringValue> Chorus { get; } = new(Service, "Chorus", MethodKind.Duplex);

    internal ServiceTable Services { get; }

    internal Exception? Reported { get; private set; }

    /// <summary>Completed when the handler of <see cref="Wait"/> was told that the call is over.</summary>
    internal TaskCompletionSource WaitEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource CountEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource WaitBegan { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Uri Address { get; private set; } = null!;

    private RequestDelegate? Other { get; }

    /// <param name="other">Answers instead of gRPC, for what a client must bear.</param>
    internal static async Task<Echo> StartAsync(RequestDelegate? other = null)
    {
        var echo = new Echo(other);
        await echo._kestrel.StartAsync(echo, CancellationToken.None);
        echo.Address = new Uri(echo._kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return echo;
    }

    internal GrpcChannel Connect(int responseBytesMax = int.MaxValue) => new(Address, responseBytesMax);

    internal Task StopAsync() => _stopping.CancelAsync();

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => Other?.Invoke(context) ?? _grpc.HandleAsync(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is kept of it.
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _kestrel.StopAsync(new CancellationToken(canceled: true));
        _kestrel.Dispose();
        _stopping.Dispose();
    }

    private static Task<StringValue> SayAsync(StringValue request, ServerCall call) =>
        Task.FromResult(new StringValue { Value = call.Metadata("greeting") + request.Value });

    private static Task<StringValue> FailAsync(Int32Value request, ServerCall call) =>
        request.Value is > 0 and <= 16
            ? throw new GrpcException((StatusCode)request.Value, "no: 100 % \u2713\nreally")
            : throw new InvalidOperationException("a fault of the program");

    private async Task<StringValue> WaitAsync(StringValue request, ServerCall call)
    {
        WaitBegan.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, call.Over);
        }
        finally
        {
            WaitEnded.TrySetResult();
        }

        return request;
    }

    private async Task CountAsync(Int32Value request, MessageWriter<StringValue> writer, ServerCall call)
    {
        try
        {
            for (var i = 1; i <= request.Value; i++) await writer.WriteAsync(new StringValue { Value = $"{i}" });
        }
        finally
        {
            CountEnded.TrySetResult();
        }

        if (request.Value < 0) throw new GrpcException(StatusCode.NotFound, "below zero");
        if (request.Value == 3) throw new GrpcException(StatusCode.Aborted, "after the third");
    }

    private static async Task TalkAsync(MessageReader<StringValue> reader, MessageWriter<StringValue> writer, ServerCall call)
    {
        while (await reader.ReadAsync() is { } message) await writer.WriteAsync(message);
        await writer.WriteAsync(new StringValue { Value = "bye" });
    }

    private static async Task ChorusAsync(MessageReader<Int32Value> reader, MessageWriter<StringValue> writer, ServerCall call)
    {
        var voices = (await reader.ReadAsync())!.Value;
        await Task.WhenAll(Enumerable.Range(0, voices).Select(voice => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++) await writer.WriteAsync(new StringValue { Value = new string((char)('a' + voice), 500) });
        })));
    }
}

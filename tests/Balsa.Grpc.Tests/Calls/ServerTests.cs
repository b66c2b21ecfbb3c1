using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;

namespace Balsa.Grpc.Tests.Calls;

/// <summary>What a server must bear from clients that are not ours: requests are made by hand.</summary>
public sealed class ServerTests : IAsyncLifetime
{
    private static readonly byte[] Empty = [0, 0, 0, 0, 0];

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());
    private Echo _echo = null!;

    public async ValueTask InitializeAsync() => _echo = await Echo.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _echo.DisposeAsync();
    }

    [Fact]
    public async Task A_refusal_is_headers_and_nothing_else()
    {
        using var refused = await PostAsync("/balsa.test.Echo/Nope", Empty);
        Assert.Equal("12", StatusIn(refused.Headers));
        Assert.Equal("application/grpc", refused.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await refused.Content.ReadAsByteArrayAsync());
        Assert.Empty(refused.TrailingHeaders);
    }

    [Fact]
    public async Task An_answer_has_its_status_behind_it()
    {
        using var answer = await PostAsync("/balsa.test.Echo/Say", Empty);
        Assert.Null(StatusIn(answer.Headers));
        Assert.Equal(Empty, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("0", StatusIn(answer.TrailingHeaders));
    }

    [Theory]
    [InlineData("application/grpc+proto", HttpStatusCode.OK)]
    [InlineData("application/grpc;charset=utf-8", HttpStatusCode.OK)]
    [InlineData("application/grpc-web", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType)]
    public async Task Only_the_content_type_of_gRPC_is_taken(string? type, HttpStatusCode status)
    {
        using var answer = await PostAsync("/balsa.test.Echo/Say", Empty, type: type);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_get_is_no_call()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_echo.Address, "/balsa.test.Echo/Say"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task Compression_is_refused_with_what_is_taken_instead()
    {
        using var refused = await PostAsync("/balsa.test.Echo/Say", Empty, ("grpc-encoding", "gzip"));
        Assert.Equal("12", StatusIn(refused.Headers));
        Assert.Equal("identity", refused.Headers.GetValues("grpc-accept-encoding").Single());
        Assert.Contains("gzip", refused.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
        using var taken = await PostAsync("/balsa.test.Echo/Say", Empty, ("grpc-encoding", "identity"));
        await taken.Content.ReadAsByteArrayAsync();
        Assert.Equal("0", StatusIn(taken.TrailingHeaders));
    }

    [Theory]
    [InlineData("50m", "4")]
    [InlineData("0S", "4")]
    [InlineData("soon", "13")]
    [InlineData("1234567890S", "13")]
    public async Task A_deadline_is_kept_also_when_the_client_does_not_watch_it(string timeout, string status)
    {
        using var refused = await PostAsync("/balsa.test.Echo/Wait", Empty, ("grpc-timeout", timeout));
        Assert.Equal(status, StatusIn(refused.Headers));
    }

    [Theory]
    [InlineData(new byte[0], "13")]
    [InlineData(new byte[] { 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "13")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0xff, 0xff, 0xff, 0xff }, "8")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 0x0a, 0x7f }, "13")]
    public async Task A_body_that_is_no_message_is_refused(byte[] body, string status)
    {
        using var refused = await PostAsync("/balsa.test.Echo/Say", body);
        Assert.Equal(status, StatusIn(refused.Headers));
    }

    [Fact]
    public async Task Bytes_that_are_no_HTTP_close_their_own_connection_only()
    {
        using var channel = _echo.Connect();
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, _echo.Address.Port);
            var bytes = new byte[random.Next(1, 500)];
            random.NextBytes(bytes);
            byte[] preface = round % 2 == 0 ? [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8] : [];
            await socket.SendAsync((byte[])[.. preface, .. bytes]);
            if (round % 3 == 0) socket.Close(0);
            else socket.Shutdown(SocketShutdown.Send);
        }

        Assert.Equal("alive", (await channel.CallAsync(Echo.Say, new StringValue { Value = "alive" })).Value);
    }

    private static string? StatusIn(HttpResponseHeaders headers) =>
        headers.TryGetValues("grpc-status", out var values) ? values.Single() : null;

    private async Task<HttpResponseMessage> PostAsync(
        string path, byte[] body, (string Name, string Value)? header = null, string? type = "application/grpc")
    {
        var content = new ByteArrayContent(body);
        if (type is not null) content.Headers.TryAddWithoutValidation("content-type", type);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_echo.Address, path))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content,
        };
        if (header is var (name, value)) request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _http.SendAsync(request, limit.Token);
    }
}

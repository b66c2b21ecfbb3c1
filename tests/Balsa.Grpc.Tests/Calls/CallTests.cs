using Balsa.Grpc.Client;
using Google.Protobuf.WellKnownTypes;

namespace Balsa.Grpc.Tests.Calls;

/// <summary>Our client against our server, over real sockets.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A stream that never ends is a test that never ends.</summary>
    private static readonly CallOptions InTime = new() { Timeout = TimeSpan.FromSeconds(20) };

    private Echo _echo = null!;
    private GrpcChannel _channel = null!;

    public async ValueTask InitializeAsync()
    {
        _echo = await Echo.StartAsync();
        _channel = _echo.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _echo.DisposeAsync();
    }

    [Fact]
    public async Task A_call_is_answered_and_metadata_arrives()
    {
        var options = new CallOptions { Metadata = [new("greeting", "hello ")], Timeout = Longest };
        Assert.Equal("hello world", (await _channel.CallAsync(Echo.Say, Text("world"), options)).Value);
        Assert.Equal("", (await _channel.CallAsync(Echo.Say, Text(""))).Value);
    }

    [Fact]
    public async Task Many_calls_at_once_share_a_connection()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => _channel.CallAsync(Echo.Say, Text($"{i}"))));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), answers.Select(answer => answer.Value));
    }

    [Fact]
    public async Task Every_status_comes_back_with_its_message()
    {
        for (var code = 1; code <= 16; code++)
        {
            var refused = await RefusedAsync(() => _channel.CallAsync(Echo.Fail, new Int32Value { Value = code }));
            Assert.Equal(((StatusCode)code, "no: 100 % \u2713\nreally"), (refused.Code, refused.Message));
        }
    }

    [Fact]
    public async Task A_fault_of_the_server_is_reported_there_and_not_told_to_callers()
    {
        var refused = await RefusedAsync(() => _channel.CallAsync(Echo.Fail, new Int32Value()));
        Assert.Equal(StatusCode.Internal, refused.Code);
        Assert.DoesNotContain("a fault of the program", refused.Message, StringComparison.Ordinal);
        Assert.Equal("a fault of the program", _echo.Reported!.Message);
        Assert.Equal("still there", (await _channel.CallAsync(Echo.Say, Text("still there"))).Value);
    }

    [Theory]
    [InlineData(Echo.Service, "Nope", "unknown method Nope for service balsa.test.Echo")]
    [InlineData("x.Y", "Say", "unknown service x.Y")]
    public async Task What_is_not_served_is_unimplemented(string service, string method, string message)
    {
        var refused = await RefusedAsync(() => _channel.CallAsync(new GrpcMethod<StringValue, StringValue>(service, method), Text("")));
        Assert.Equal((StatusCode.Unimplemented, message), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        var options = new CallOptions { Timeout = TimeSpan.FromMilliseconds(200) };
        var refused = await RefusedAsync(() => _channel.CallAsync(Echo.Wait, Text(""), options));
        Assert.Equal(StatusCode.DeadlineExceeded, refused.Code);
        await _echo.WaitEnded.Task.WaitAsync(Longest);
    }

    [Fact]
    public async Task A_caller_that_gives_up_ends_the_handler()
    {
        using var stop = new CancellationTokenSource();
        var calling = RefusedAsync(() => _channel.CallAsync(Echo.Wait, Text(""), new CallOptions { Stop = stop.Token }));
        await _echo.WaitBegan.Task.WaitAsync(Longest);
        await stop.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await calling.WaitAsync(Longest)).Code);
        await _echo.WaitEnded.Task.WaitAsync(Longest);
    }

    [Fact]
    public async Task To_dispose_a_call_ends_the_handler()
    {
        using (_channel.Ask(Echo.Wait, Text(""))) await _echo.WaitBegan.Task.WaitAsync(Longest);
        await _echo.WaitEnded.Task.WaitAsync(Longest);
    }

    [Fact]
    public async Task To_dispose_a_stream_in_the_middle_ends_the_handler_and_no_other_call()
    {
        using (var endless = _channel.Ask(Echo.Count, new Int32Value { Value = int.MaxValue }, InTime))
            for (var i = 1; i <= 3; i++) Assert.Equal($"{i}", (await endless.ReadAsync())!.Value);
        await _echo.CountEnded.Task.WaitAsync(Longest);
        Assert.Equal("others go on", (await _channel.CallAsync(Echo.Say, Text("others go on"))).Value);
    }

    [Fact]
    public async Task Who_does_not_read_makes_the_server_wait()
    {
        using var slow = _channel.Ask(Echo.Count, new Int32Value { Value = int.MaxValue }, InTime);
        Assert.Equal("1", (await slow.ReadAsync())!.Value);
        var count = _echo.Services.Methods.Single(method => method.Name == "Count");
        // It sends what the windows hold and then no more: two looks see the same.
        for (var (before, now) = (-1L, count.MessagesSent); before != now; (before, now) = (now, count.MessagesSent))
            await Task.Delay(TimeSpan.FromMilliseconds(300));
        Assert.InRange(count.BytesSent, 1, 64 << 20);
        Assert.Equal("still there", (await _channel.CallAsync(Echo.Say, Text("still there"))).Value);
    }

    [Fact]
    public async Task A_server_that_stops_tells_its_callers()
    {
        var calling = RefusedAsync(() => _channel.CallAsync(Echo.Wait, Text("")));
        await _echo.WaitBegan.Task.WaitAsync(Longest);
        await _echo.StopAsync();
        Assert.Equal(StatusCode.Unavailable, (await calling.WaitAsync(Longest)).Code);
    }

    [Fact]
    public async Task A_request_beyond_the_limit_is_refused_and_one_at_the_limit_is_taken()
    {
        // Tag and length of the text take four bytes.
        var longest = new string('x', Echo.RequestBytesMax - 4);
        Assert.Equal(longest, (await _channel.CallAsync(Echo.Say, Text(longest))).Value);
        var refused = await RefusedAsync(() => _channel.CallAsync(Echo.Say, Text(longest + "x")));
        Assert.Equal(
            (StatusCode.ResourceExhausted, "grpc: received message larger than max (100001 vs. 100000)"), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_of_the_client_is_refused()
    {
        using var narrow = _echo.Connect(responseBytesMax: 100);
        Assert.Equal(StatusCode.ResourceExhausted, (await RefusedAsync(() => narrow.CallAsync(Echo.Say, Text(new string('x', 200))))).Code);
    }

    [Fact]
    public async Task A_stream_of_answers_ends_with_its_status()
    {
        using var five = _channel.Ask(Echo.Count, new Int32Value { Value = 5 });
        for (var i = 1; i <= 5; i++) Assert.Equal($"{i}", (await five.ReadAsync())!.Value);
        Assert.Null(await five.ReadAsync());

        using var none = _channel.Ask(Echo.Count, new Int32Value());
        Assert.Null(await none.ReadAsync());

        using var three = _channel.Ask(Echo.Count, new Int32Value { Value = 3 });
        for (var i = 1; i <= 3; i++) Assert.Equal($"{i}", (await three.ReadAsync())!.Value);
        Assert.Equal(StatusCode.Aborted, (await RefusedAsync(async () => await three.ReadAsync())).Code);

        using var refused = _channel.Ask(Echo.Count, new Int32Value { Value = -1 });
        Assert.Equal(StatusCode.NotFound, (await RefusedAsync(async () => await refused.ReadAsync())).Code);
    }

    [Fact]
    public async Task Both_sides_talk_whenever_they_like_and_the_server_has_the_last_word()
    {
        using var call = _channel.Open(Echo.Talk, InTime);
        for (var i = 0; i < 20; i++)
        {
            await call.WriteAsync(Text($"{i}"));
            Assert.Equal($"{i}", (await call.ReadAsync())!.Value);
        }

        call.Complete();
        Assert.Equal("bye", (await call.ReadAsync())!.Value);
        Assert.Null(await call.ReadAsync());
    }

    [Fact]
    public async Task Writers_at_the_same_time_do_not_mix_their_messages()
    {
        using var call = _channel.Open(Echo.Chorus, InTime);
        await call.WriteAsync(new Int32Value { Value = 8 });
        call.Complete();
        var seen = new Dictionary<char, int>();
        while (await call.ReadAsync() is { } message)
        {
            Assert.Equal(new string(message.Value[0], 500), message.Value);
            seen[message.Value[0]] = seen.GetValueOrDefault(message.Value[0]) + 1;
        }

        Assert.Equal(Enumerable.Repeat(100, 8), seen.Values);

        using var talk = _channel.Open(Echo.Talk, InTime);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(voice => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await talk.WriteAsync(Text(new string((char)('a' + voice), 300)));
        })));
        talk.Complete();
        for (var i = 0; i < 400; i++)
        {
            var echoed = (await talk.ReadAsync())!.Value;
            Assert.Equal(new string(echoed[0], 300), echoed);
        }
    }

    [Fact]
    public async Task Calls_and_messages_are_counted()
    {
        await _channel.CallAsync(Echo.Say, Text("12345"));
        await RefusedAsync(() => _channel.CallAsync(Echo.Fail, new Int32Value { Value = 5 }));
        var say = _echo.Services.Methods.Single(method => method.Name == "Say");
        var fail = _echo.Services.Methods.Single(method => method.Name == "Fail");
        Assert.Equal((1L, 1L, 1L, 1L), (say.Started, say.MessagesReceived, say.MessagesSent, say.Ended(StatusCode.Ok)));
        Assert.Equal((12L, 12L), (say.BytesReceived, say.BytesSent));
        Assert.Equal((1L, 0L, 1L), (fail.MessagesReceived, fail.MessagesSent, fail.Ended(StatusCode.NotFound)));
    }

    private static StringValue Text(string value) => new() { Value = value };

    private static async Task<GrpcException> RefusedAsync(Func<Task> call) =>
        await Assert.ThrowsAsync<GrpcException>(async () => await call().WaitAsync(Longest));
}

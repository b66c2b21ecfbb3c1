using System.Collections.Concurrent;
using System.Diagnostics;
using Balsa.Grpc;
using Balsa.Grpc.Client;
using Balsa.Protocol.Raftkv;
using Google.Protobuf;

namespace Balsa.Adapters.Raftkv.FrontEnds;

/// <summary>
/// Carries requests to the server that leads. Who leads is asked of all at once and believed by the highest term; what fails is
/// asked again, somewhere else if need be, until its time is over. Requests have names, so that does no harm.
/// </summary>
internal sealed class ServerRoutes(ServerFleet fleet) : IDisposable
{
    private static readonly TimeSpan StateMax = TimeSpan.FromMilliseconds(300), TryMax = TimeSpan.FromMilliseconds(800),
        Pause = TimeSpan.FromMilliseconds(25), Least = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<int, GrpcChannel> _channels = new();
    private int _leader;

    /// <exception cref="GrpcException">Unavailable: it was not done, or nobody knows; the message says which. Or a refusal.</exception>
    internal async Task<Reply> AskAsync<TRequest>(
        GrpcMethod<TRequest, Reply> method, TRequest request, TimeSpan patience, CancellationToken over)
        where TRequest : class, IMessage<TRequest>, new()
    {
        var clock = Stopwatch.StartNew();
        var failure = new GrpcException(StatusCode.Unavailable, "no server leads; nothing was done");
        var mayBeDone = false;
        while (patience - clock.Elapsed is var left && left > Least)
        {
            var leader = _leader != 0 ? _leader : await FindLeaderAsync(left, over);
            if (leader == 0)
            {
                await Task.Delay(Pause, over);
                continue;
            }

            try
            {
                var reply = await CallAsync(leader, method, request, left < TryMax ? left : TryMax, over);
                if (!reply.WrongLeader) return reply;
            }
            catch (GrpcException problem)
                when (problem.Code is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled)
            {
                // Of a caller that waits no more nobody needs to know how it went on.
                over.ThrowIfCancellationRequested();
                failure = problem;
                // Only a server that says so is sure that nothing happened.
                mayBeDone |= !problem.Message.Contains("nothing was done", StringComparison.Ordinal);
            }

            Interlocked.CompareExchange(ref _leader, 0, leader);
        }

        throw mayBeDone && method != (object)RaftkvMethods.Get
            ? new GrpcException(StatusCode.Unavailable, $"{Servers.KvResult.UnknownText} (Failed to achieve consensus)", failure)
            : new GrpcException(StatusCode.Unavailable, $"No available server could process the request: {failure.Message}", failure);
    }

    internal async Task<TResponse> CallAsync<TRequest, TResponse>(
        int server, GrpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan longest, CancellationToken over)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        await ChannelTo(server).CallAsync(method, request, new CallOptions { Timeout = longest, Stop = over });

    /// <summary>0 when nobody says that it leads.</summary>
    internal async Task<int> FindLeaderAsync(TimeSpan longest, CancellationToken over)
    {
        var asked = fleet.Numbers.Select(server => StateAsync(server, longest < StateMax ? longest : StateMax, over)).ToList();
        var (leader, term) = (0, -1);
        foreach (var (server, state) in await Task.WhenAll(asked))
            if (state is { IsLeader: true } && state.Term > term) (leader, term) = (server, state.Term);
        _leader = leader;
        return leader;
    }

    /// <summary>Another cluster: what was known of the one before counts no more.</summary>
    internal void Forget() => _leader = 0;

    public void Dispose()
    {
        foreach (var channel in _channels.Values) channel.Dispose();
    }

    private async Task<(int Server, State? State)> StateAsync(int server, TimeSpan longest, CancellationToken over)
    {
        try
        {
            return (server, await CallAsync(server, RaftkvMethods.GetState, new Empty(), longest, over));
        }
        catch (GrpcException)
        {
            return (server, null);
        }
    }

    private GrpcChannel ChannelTo(int server) =>
        _channels.GetOrAdd(server, number => new GrpcChannel(new Uri(fleet.Ports.UrlOf(number))));
}

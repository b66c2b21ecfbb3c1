using System.Diagnostics;
using Balsa.Adapters.Raftkv;
using Balsa.Grpc;
using Balsa.Grpc.Client;
using Balsa.Protocol.Raftkv;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Harness;

/// <summary>
/// The cluster as the course's harness sees it: a front end, servers by number from 0 on, kills and filters of ports. Everything
/// goes through gRPC and programs of the system; nothing is asked of the servers that a stranger could not ask.
/// </summary>
internal sealed class HarnessCluster(HarnessFrontEnd frontEnd, HarnessProgress progress) : IDisposable
{
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(1), ElectionMax = TimeSpan.FromSeconds(5),
        ChangeMax = TimeSpan.FromSeconds(20), Pause = TimeSpan.FromMilliseconds(100);

    private readonly GrpcChannel _toFrontEnd = new(HarnessFrontEnd.Address);
    private readonly Dictionary<int, GrpcChannel> _toServers = [];
    private readonly SortedDictionary<int, HarnessClient> _clients = [];
    private readonly long _clockStart = Stopwatch.GetTimestamp();

    internal int Size { get; private set; }

    internal PortFilters Filters { get; } = new();

    /// <summary>How long each start of a cluster took to be answered.</summary>
    internal List<double> StartsMs { get; } = [];

    /// <summary>What all clients saw of the cluster that runs.</summary>
    internal History History => Recording.Together(_clients.Values.Select(client => client.Recording));

    /// <summary>The client of a thread; the main thread is 1 to the servers, too.</summary>
    internal HarnessClient Client(int thread)
    {
        lock (_clients)
        {
            if (!_clients.TryGetValue(thread, out var client))
                _clients[thread] = client = new HarnessClient($"thread {thread}", thread, HarnessFrontEnd.Address, _clockStart);
            return client;
        }
    }

    /// <summary>Another cluster, of which nothing is known yet.</summary>
    internal async Task<bool> StartRaftAsync(int size)
    {
        foreach (var client in _clients.Values) client.Dispose();
        _clients.Clear();
        Filters.Clear();
        KillAllServers();
        var clock = Stopwatch.StartNew();
        try
        {
            var asked = new IntegerArg { Arg = size };
            var reply = await _toFrontEnd.CallAsync(RaftkvMethods.StartRaft, asked, new CallOptions { Timeout = CallMax });
            StartsMs.Add(clock.Elapsed.TotalMilliseconds);
            if (reply.Error.Length > 0) progress.Failure($"could not start raft: {reply.Error}");
            Size = size;
            return reply.Error.Length == 0;
        }
        catch (GrpcException problem)
        {
            progress.Failure($"could not start raft: {problem.Code} {problem.Message}");
            return false;
        }
    }

    /// <summary>The one of the highest term; -1 when there is none, null when two lead in one term.</summary>
    internal async Task<int?> GetLastLeaderAsync(bool isQuiet = false)
    {
        var leaders = new SortedDictionary<int, int>();
        for (var server = 0; server < Size; server++)
        {
            if (await GetStateOfServerAsync(server, isQuiet) is not { IsLeader: true } state) continue;
            if (leaders.TryAdd(state.Term, server)) continue;
            progress.Failure($"servers {leaders[state.Term]} and {server} both lead in term {state.Term}");
            return null;
        }

        return leaders.Count == 0 ? -1 : leaders.Last().Value;
    }

    internal async Task<State?> GetStateOfServerAsync(int server, bool isQuiet = false)
    {
        try
        {
            return await ChannelTo(server).CallAsync(RaftkvMethods.GetState, new Empty(), new CallOptions { Timeout = CallMax });
        }
        catch (GrpcException problem)
        {
            if (!isQuiet) progress.Line($"could not get state: {problem.Code} {problem.Message}");
            return null;
        }
    }

    /// <summary>As soon as somebody leads, and at the latest when the course would have asked.</summary>
    internal async Task<bool> LeadsInTimeAsync()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < ElectionMax; await Task.Delay(Pause))
            if (await GetLastLeaderAsync(isQuiet: true) is >= 0) return true;
        return false;
    }

    internal void KillOneNode(int server)
    {
        progress.Line($"pkill -9 -f raftserver{server + 1}");
        frontEnd.Kill(server + 1);
    }

    internal void KillAllServers()
    {
        for (var server = 0; server < Size; server++) frontEnd.Kill(server + 1);
    }

    internal async Task<bool> ChangeAsync(GrpcMethod<IntegerArg, Reply> method, int server)
    {
        try
        {
            var reply = await _toFrontEnd.CallAsync(method, new IntegerArg { Arg = server + 1 }, new CallOptions { Timeout = ChangeMax });
            progress.Line(reply.Error.Length == 0 ? reply.Value : reply.Error);
            return reply.Error.Length == 0;
        }
        catch (GrpcException problem)
        {
            progress.Line($"could not change the servers: {problem.Code} {problem.Message}");
            return false;
        }
    }

    /// <summary>Nothing passes between these servers and all others, in either direction.</summary>
    internal void CutOff(params IEnumerable<int> servers) => ForEachPair(servers, Filters.Block);

    internal void LetThrough(params IEnumerable<int> servers) => ForEachPair(servers, Filters.Unblock);

    public void Dispose()
    {
        Filters.Clear();
        _toFrontEnd.Dispose();
        foreach (var channel in _toServers.Values) channel.Dispose();
        foreach (var client in _clients.Values) client.Dispose();
    }

    private void ForEachPair(IEnumerable<int> servers, Action<RaftkvPorts, int, int> change)
    {
        var ports = new RaftkvPorts(RaftkvPorts.BaseByDefault, Size);
        foreach (var server in servers)
        {
            for (var other = 0; other < Size; other++)
            {
                if (other == server) continue;
                change(ports, server + 1, other + 1);
                change(ports, other + 1, server + 1);
            }
        }
    }

    private GrpcChannel ChannelTo(int server)
    {
        if (!_toServers.TryGetValue(server, out var channel))
            _toServers[server] = channel = new GrpcChannel(new Uri($"http://127.0.0.1:{RaftkvPorts.BaseByDefault + server}"));
        return channel;
    }
}

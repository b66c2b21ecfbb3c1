using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Balsa.Adapters.Raftkv;
using Balsa.Grpc;
using Balsa.Grpc.Client;
using Balsa.Protocol.Raftkv;
using Balsa.System.Tests;
using Google.Protobuf;
using Command = Balsa.System.Tests.Cli;
using KeyValueMessage = Balsa.Protocol.Raftkv.KeyValue;

namespace Balsa.Course.Tests.Raftkv;

/// <summary>A `balsa frontend` with ports and a folder of its own, and what its clients do.</summary>
internal sealed class CourseCluster : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60), CallMax = TimeSpan.FromSeconds(10);
    private readonly Command _cli = new();
    private readonly int _port;
    private readonly Dictionary<int, GrpcChannel> _channels = [];
    private readonly string[] _flags;
    private Process? _process;

    private CourseCluster(string[] flags) => (BasePort, _port, _flags) = (FreeRow(), FreePort(), flags);

    internal int BasePort { get; }

    internal string Folder => Path.Combine(_cli.Folder, "course");

    internal int FrontEndPid => _process!.Id;

    internal static async Task<CourseCluster> StartAsync(params string[] flags)
    {
        var cluster = new CourseCluster(flags);
        await cluster.StartFrontEndAsync();
        return cluster;
    }

    /// <summary>Once more, with the same ports and the same folder.</summary>
    internal async Task StartFrontEndAsync()
    {
        _process = _cli.Start(
            ["frontend", "--port", $"{_port}", "--base-port", $"{BasePort}", "--data-dir", Folder, "--stop-with-parent", .. _flags]);
        _ = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Longest) is { } line)
            if (line.StartsWith("ready to serve", StringComparison.Ordinal)) return;
        Assert.Fail("the front end ended before it was ready");
    }

    /// <summary>Servers, and somebody who leads them.</summary>
    internal async Task StartRaftAsync(int servers)
    {
        var reply = await FrontEndAsync(RaftkvMethods.StartRaft, new IntegerArg { Arg = servers });
        Assert.Equal((false, "", $"RAFT cluster started with {servers} servers"), (reply.WrongLeader, reply.Error, reply.Value));
        await LeaderAsync(servers);
    }

    /// <summary>The number of the one that leads.</summary>
    internal async Task<int> LeaderAsync(int servers)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Longest; await Task.Delay(50))
        {
            for (var server = 1; server <= servers; server++)
                if (await StateAsync(server) is { IsLeader: true }) return server;
        }

        Assert.Fail("nobody leads");
        return 0;
    }

    internal async Task<State?> StateAsync(int server)
    {
        try
        {
            return await ServerAsync(server, RaftkvMethods.GetState, new Empty());
        }
        catch (GrpcException)
        {
            return null;
        }
    }

    internal Task<Reply> PutAsync(string key, string value) =>
        FrontEndAsync(RaftkvMethods.FrontEndPut, new KeyValueMessage { Key = key, Value = value });

    internal Task<Reply> GetAsync(string key) => FrontEndAsync(RaftkvMethods.FrontEndGet, new GetKey { Key = key });

    internal Task<TResponse> FrontEndAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => CallAsync(_port, method, request);

    internal Task<TResponse> ServerAsync<TRequest, TResponse>(int server, GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => CallAsync(BasePort + server - 1, method, request);

    /// <summary>Processes of this front end whose command line names the server.</summary>
    internal IReadOnlyList<int> PidsOf(string name) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(one => one!.All(char.IsAsciiDigit)).Select(int.Parse!)
            .Where(pid => IsChild(pid) && CommandLineOf(pid).Contains(name, StringComparison.Ordinal)),
    ];

    internal static string CommandLineOf(int pid) => Read($"/proc/{pid}/cmdline").Replace('\0', ' ');

    /// <summary>SIGKILL to the one process that the name finds.</summary>
    internal async Task KillAsync(int server)
    {
        using var process = Process.GetProcessById(Assert.Single(PidsOf($"raftserver{server}")));
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Longest);
    }

    internal void KillFrontEnd()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    internal string FileText(string name) => Read(Path.Combine(Folder, name));

    /// <summary>Asks until it is so.</summary>
    internal static async Task UntilAsync(Func<bool> isSo, string what)
    {
        for (var clock = Stopwatch.StartNew(); !isSo(); await Task.Delay(20))
            Assert.True(clock.Elapsed < Longest, what);
    }

    internal Task<CliResult> RunAsync(params string[] words) => _cli.DoAsync(words);

    public async ValueTask DisposeAsync()
    {
        if (!_process!.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Longest);
        }

        foreach (var channel in _channels.Values) channel.Dispose();
        _process.Dispose();
        _cli.Dispose();
    }

    private Task<TResponse> CallAsync<TRequest, TResponse>(int port, GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        GrpcChannel? channel;
        lock (_channels)
        {
            if (!_channels.TryGetValue(port, out channel))
                _channels[port] = channel = new GrpcChannel(new Uri($"http://127.0.0.1:{port}"));
        }

        return channel.CallAsync(method, request, new CallOptions { Timeout = CallMax });
    }

    private bool IsChild(int pid) =>
        Read($"/proc/{pid}/stat") is var stat && stat.LastIndexOf(')') is var end && end > 0
        && stat[(end + 2)..].Split(' ')[1] == $"{FrontEndPid}";

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static int FreePort()
    {
        using var held = new TcpListener(IPAddress.Loopback, 0);
        held.Start();
        return ((IPEndPoint)held.LocalEndpoint).Port;
    }

    /// <summary>Nine ports in a row for servers, below those that the system gives out.</summary>
    private static int FreeRow()
    {
        while (true)
        {
            var first = Random.Shared.Next(12_000, 30_000);
            try
            {
                for (var i = 0; i < RaftkvPorts.ServersMax; i++)
                {
                    using var held = new TcpListener(IPAddress.Loopback, first + i);
                    held.Start();
                }

                return first;
            }
            catch (SocketException)
            {
                // Taken; another row is free.
            }
        }
    }
}

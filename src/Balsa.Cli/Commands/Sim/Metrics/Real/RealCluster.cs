using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Balsa.Adapters.Lan;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Cli.Commands.Sim.Metrics.Real;

/// <summary>
/// Real processes on a LAN of datagrams, and this process as their hub: it routes, counts, loses and delays. One thread does
/// everything at its time, so that the hub needs no locks.
/// </summary>
internal sealed class RealCluster : IMetricsCluster, IDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("balsa-metrics-");
    private readonly Experiment _experiment;
    private readonly RealServer[] _servers;
    private readonly PriorityQueue<Action, (long Time, long Number)> _planned = new();
    private readonly Channel<Action> _arrived = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<(int From, int To)> _cuts = [];
    private readonly Random _random;
    private readonly Stopwatch _clock = new();
    private readonly (ServerRole Role, ulong Term)[] _roles;
    private long _number;
    private double _loss, _delayMs;

    /// <param name="trace">Receives what servers print, as the course's simulator relays it; null for nobody.</param>
    public RealCluster(Experiment experiment, Action<string>? trace)
    {
        (_experiment, _loss, _delayMs) = (experiment, experiment.Loss, Added(experiment.DelayMs));
        _random = new Random(unchecked((int)experiment.Seed));
        _roles = new (ServerRole, ulong)[experiment.Servers];
        Hub = new MetricsHub(experiment, this);
        _servers = new RealServer[experiment.Servers];
        for (var i = 0; i < _servers.Length; i++) _servers[i] = new RealServer(i, experiment, _folder.FullName, OnEnded, Say);

        void Say(string line) => trace?.Invoke(FormattableString.Invariant($"[T{_clock.Elapsed.TotalSeconds:0.000000}{line}"));
    }

    public MetricsHub Hub { get; }

    public long Now => _clock.Elapsed.Ticks;

    /// <summary>Starts the servers, waits until each has said hello, and lets the experiment run.</summary>
    /// <exception cref="ExperimentException">A server does not start.</exception>
    public async Task<MetricsRecord> RunAsync(CancellationToken stop)
    {
        foreach (var server in _servers)
        {
            Start(server.Number);
            _ = ListenAsync(server, stop);
        }

        await WaitForHelloAsync(stop);
        _clock.Start();
        Hub.Begin();
        while (!Hub.IsOver)
        {
            stop.ThrowIfCancellationRequested();
            while (_planned.TryPeek(out var next, out var when) && when.Time <= Now && !Hub.IsOver)
            {
                _planned.Dequeue();
                next();
            }

            while (_arrived.Reader.TryRead(out var arrival)) arrival();
            await SleepAsync(stop);
        }

        return Hub.Record;
    }

    public void At(long time, Action what) => _planned.Enqueue(what, (time, _number++));

    public void Send(int server, LanMessage message) => Carry(() => Deliver(server, message.ToBytes()));

    public void Start(int server)
    {
        _roles[server] = default;
        try
        {
            _servers[server].Start();
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new ExperimentException($"The server {_experiment.ServerCode} cannot be started.", problem.Message);
        }
    }

    public void Fail(int server, FailureMode mode)
    {
        if (mode == FailureMode.Stop) _servers[server].Stop();
        else _servers[server].Kill();
    }

    public void Pause(int server, long ticks)
    {
        _servers[server].Pause();
        _roles[server] = default;
        At(Now + ticks, _servers[server].Resume);
    }

    public void CutPower()
    {
        foreach (var server in _servers) server.Kill();
    }

    public void Cut(int one, int other) => _cuts.UnionWith([(one, other), (other, one)]);

    public void Heal() => _cuts.Clear();

    public void Degrade(double loss, double delayMs) => (_loss, _delayMs) = (loss, Added(delayMs));

    public void Dispose()
    {
        foreach (var server in _servers) server.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task WaitForHelloAsync(CancellationToken stop)
    {
        var waiting = Stopwatch.StartNew();
        while (_servers.Any(server => server.Address is null))
        {
            if (waiting.Elapsed > StartMax)
                throw new ExperimentException(
                    $"{_servers.First(server => server.Address is null).Name} did not say hello within {StartMax.TotalSeconds} s.",
                    "See what it prints with --trace.");
            while (_arrived.Reader.TryRead(out var arrival)) arrival();
            await SleepAsync(stop);
        }
    }

    /// <summary>Until something arrives, or something planned is due.</summary>
    private async Task SleepAsync(CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        if (_planned.TryPeek(out _, out var when)) pause = new TimeSpan(Math.Clamp(when.Time - Now, 0, pause.Ticks));
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stop);
        wake.CancelAfter(pause);
        try
        {
            await _arrived.Reader.WaitToReadAsync(wake.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Something planned is due.
        }
    }

    private async Task ListenAsync(RealServer server, CancellationToken stop)
    {
        var (buffer, anyone) = (new byte[LanMessage.BytesMax + 1], new IPEndPoint(IPAddress.Any, 0));
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var got = await server.Socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, stop);
                var bytes = buffer.AsSpan(0, got.ReceivedBytes).ToArray();
                _arrived.Writer.TryWrite(() => Take(server, bytes, got.RemoteEndPoint));
            }
            catch (SocketException)
            {
                // A server that has died did not take an earlier datagram.
            }
            catch (Exception problem) when (problem is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(RealServer server, byte[] bytes, EndPoint from)
    {
        if (LanMessage.Read(bytes, out var flaw) is not { } message)
        {
            Hub.OnInvalid(server.Number, $"Error-Attribute missing: {flaw}");
            return;
        }

        if (message.Category == LanCategories.Hello)
        {
            server.Address = from;
            return;
        }

        // Only who has said hello is known; what comes from elsewhere is of an earlier life.
        if (!from.Equals(server.Address)) return;
        if (message.Destination == LanMessage.Nobody)
        {
            foreach (var other in _servers)
                if (other != server) Route(server, other, message, bytes);
        }
        else if (Array.Find(_servers, other => other.Name == message.Destination) is { } target)
        {
            Route(server, target, message, bytes);
        }
        else
        {
            Carry(() => Hub.OnMessage(server.Number, message));
        }
    }

    private void Route(RealServer server, RealServer target, LanMessage message, byte[] bytes)
    {
        if (!_clock.IsRunning)
        {
            Deliver(target.Number, bytes);
            return;
        }

        Look(server.Number, message);
        Hub.OnPeerMessage(GroupOf(message.Category));
        if (!_cuts.Contains((server.Number, target.Number))) Carry(() => Deliver(target.Number, bytes));
    }

    /// <summary>What a server is shows in what it says.</summary>
    private void Look(int server, LanMessage message)
    {
        var role = message.Category switch
        {
            LanCategories.Heartbeat or LanCategories.RequestAppend => ServerRole.Leader,
            LanCategories.RequestVote => ServerRole.Candidate,
            "appendReply" or "heartbeatReply" => ServerRole.Follower,
            _ => ServerRole.Down,
        };
        if (role == ServerRole.Down) return;
        if (role == ServerRole.Leader && message.Leader == message.Source) Hub.OnLeads(server, message.Term);
        if (_roles[server] == (role, message.Term)) return;
        _roles[server] = (role, message.Term);
        Hub.OnRole(server, role, message.Term);
    }

    private void Carry(Action arrive)
    {
        if (_random.NextDouble() < _loss) return;
        if (_delayMs <= 0) arrive();
        else At(Now + (long)(_delayMs * (0.5 + _random.NextDouble()) * TimeSpan.TicksPerMillisecond), arrive);
    }

    private void Deliver(int server, byte[] bytes)
    {
        if (_servers[server].Address is not { } address) return;
        try
        {
            _servers[server].Socket.SendTo(bytes, address);
        }
        catch (SocketException)
        {
            // As on any LAN: whoever is not there hears nothing.
        }
    }

    private void OnEnded(RealServer server, Process process) => _arrived.Writer.TryWrite(() =>
    {
        if (!server.IsThis(process)) return;
        if (_clock.IsRunning) Hub.OnCrashed(server.Number);
        else throw new ExperimentException($"{server.Name} ended before the experiment began.", "See what it prints with --trace.");
    });

    /// <summary>What the loopback and its processes take anyway is not taken twice.</summary>
    private static double Added(double delayMs) => delayMs <= 0.5 ? 0 : delayMs;

    private static MessageGroup GroupOf(string category) => category switch
    {
        LanCategories.Heartbeat => MessageGroup.Heartbeat,
        LanCategories.RequestAppend => MessageGroup.Append,
        LanCategories.RequestVote => MessageGroup.Vote,
        LanCategories.ApproveVote or LanCategories.RejectVote or "appendReply" or "heartbeatReply" => MessageGroup.Reply,
        _ => MessageGroup.Other,
    };
}

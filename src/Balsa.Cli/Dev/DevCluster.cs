using System.Diagnostics;
using System.Net;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Dev;

/// <summary>The processes of a dev cluster and what can be done to them. One thing at a time.</summary>
internal sealed class DevCluster(DevPlan plan) : IAsyncDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestElection = TimeSpan.FromSeconds(15);
    private readonly List<DevNode> _nodes = [.. plan.Members.Select(member => new DevNode(plan, member))];
    private readonly SemaphoreSlim _one = new(1, 1);

    public IReadOnlyList<DevNode> Nodes => _nodes;

    public IReadOnlyList<IPEndPoint> Endpoints => [.. _nodes.Select(node => node.Address.Client)];

    public Task StartAsync() => Task.WhenAll(_nodes.Select(node => node.StartAsync()));

    /// <summary>Waits until a write would work, and says who leads.</summary>
    public async Task<NodeStatus> WaitForLeaderAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestElection)
        {
            var view = await LookAsync();
            if (view.WritesWork) return view.Leader!;
            await Task.Delay(20);
        }

        throw new DevException(
            "the nodes run, but none of them leads.", $"No election was won within {LongestElection.TotalSeconds} s.", "balsa status");
    }

    public Task<ClusterView> LookAsync() => ClusterView.LookAsync(Endpoints, TimeSpan.FromSeconds(1));

    /// <summary>Kills a node by name, or "leader", and measures how long writes stood still.</summary>
    public async Task<DevResponse> KillAsync(string name)
    {
        await _one.WaitAsync();
        try
        {
            var wanted = name == "leader" ? (await LookAsync()).Leader?.Name : name;
            if (wanted is null) return new DevResponse(Done: false, "no member leads right now");
            if (_nodes.Find(node => node.Address.Name == wanted) is not { } node) return Unknown(wanted);
            if (!node.IsRunning) return new DevResponse(Done: false, $"{wanted} is down already");
            var started = Stopwatch.GetTimestamp();
            await node.KillAsync();
            var gap = await MeasureGapAsync(started);
            return gap is { } measured
                ? new DevResponse(Done: true, $"{wanted} killed; writes work, gap {measured.TotalSeconds:0.000} s",
                    measured.TotalMilliseconds)
                : new DevResponse(Done: true,
                    $"{wanted} killed; writes do not work: {_nodes.Count(other => other.IsRunning)} of {_nodes.Count} nodes are up");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Starts a node again, or all of them; a running one is stopped first.</summary>
    public async Task<DevResponse> RestartAsync(string name)
    {
        await _one.WaitAsync();
        try
        {
            var chosen = name == "all" ? _nodes : _nodes.FindAll(node => node.Address.Name == name);
            if (chosen.Count == 0) return Unknown(name);
            await Task.WhenAll(chosen.Select(node => node.StopAsync(LongestStop)));
            await Task.WhenAll(chosen.Select(node => node.StartAsync()));
            return new DevResponse(Done: true, $"{string.Join(", ", chosen.Select(node => node.Address.Name))} restarted");
        }
        catch (DevException problem)
        {
            return new DevResponse(Done: false, problem.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.StopAsync(LongestStop)));
        _nodes.ForEach(node => node.Dispose());
        _one.Dispose();
        if (!plan.IsTemporary) return;
        try
        {
            Directory.Delete(plan.DataDirectory, recursive: true);
        }
        catch (IOException)
        {
            // A file that is still in use stays in the temporary folder; nothing depends on it.
        }
    }

    /// <summary>
    /// The time until a write goes through again. The write deletes a key that never exists: it passes the log of a
    /// majority like any other and changes nothing that anybody could see.
    /// </summary>
    private async Task<TimeSpan?> MeasureGapAsync(long started)
    {
        var up = _nodes.FindAll(node => node.IsRunning);
        if (up.Count <= _nodes.Count / 2) return null;
        using var client = new ClusterClient([.. up.Select(node => node.Address.Client)]);
        var probe = new ClientRequest { Op = ClientOperation.Delete, Key = "\0balsa dev: does a write work?"u8.ToArray() };
        while (Stopwatch.GetElapsedTime(started) < LongestElection)
        {
            var response = await client.AskAsync(probe, TimeSpan.FromSeconds(1));
            if (response?.Outcome == ClientOutcome.Done) return Stopwatch.GetElapsedTime(started);
        }

        return null;
    }

    private DevResponse Unknown(string name) =>
        new(Done: false, $"there is no node {name}; there are {string.Join(", ", _nodes.Select(node => node.Address.Name))}");
}

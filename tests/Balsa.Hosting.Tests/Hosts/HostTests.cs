using System.Collections.Concurrent;
using Balsa.Hosting.Leading;
using Balsa.Hosting.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Balsa.Hosting.Tests.Hosts;

/// <summary>Three hosts with AddRaft, as three processes would have them.</summary>
public sealed class HostTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("balsa-hosting-").FullName;
    private readonly ConcurrentQueue<(string Member, ulong Token)> _reigns = new();
    private readonly ConcurrentDictionary<string, bool> _working = new();
    private readonly Dictionary<string, IHost> _hosts = [];

    public async ValueTask InitializeAsync()
    {
        var ports = FreePorts.Take(3);
        for (var number = 1; number <= 3; number++) _hosts.Add($"n{number}", Build($"n{number}", ports));
        await Task.WhenAll(_hosts.Values.Select(host => host.StartAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.Values)
        {
            await host.StopAsync();
            host.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_leader_service_works_on_one_member_with_a_growing_token()
    {
        await Eventually.HoldsAsync(() => Task.FromResult(_reigns.Count), count => count >= 1);
        var first = _reigns.First();
        var leader = _hosts[first.Member];
        Assert.Equal(first.Member, MemberOf(leader).Leader);

        await leader.StopAsync();
        leader.Dispose();
        _hosts.Remove(first.Member);

        await Eventually.HoldsAsync(() => Task.FromResult(_reigns.Count), count => count >= 2);
        Assert.False(_working[first.Member]);
        var second = _reigns.Last();
        Assert.NotEqual(first.Member, second.Member);
        Assert.True(second.Token > first.Token);
    }

    [Fact]
    public async Task Leadership_that_is_moved_ends_the_work_on_the_old_leader()
    {
        await Eventually.HoldsAsync(() => Task.FromResult(_reigns.Count), count => count >= 1);
        var first = _reigns.First();
        var next = _hosts.Keys.First(name => name != first.Member);

        await MemberOf(_hosts[first.Member]).MoveLeadershipAsync(next);

        await Eventually.HoldsAsync(() => Task.FromResult(_reigns.Last().Member), member => member != first.Member);
        await Eventually.HoldsAsync(() => Task.FromResult(_working[first.Member]), works => !works);
    }

    [Fact]
    public async Task Hosts_share_a_state_and_say_how_they_are()
    {
        var replicas = _hosts.Values.Select(host => host.Services.GetRequiredService<IReplica<Ledger>>()).ToArray();
        foreach (var replica in replicas) await replica.ExecuteAsync(new Add(2));
        Assert.Equal(6, await replicas[1].QueryAsync(state => state.Value));

        var health = _hosts["n1"].Services.GetRequiredService<HealthCheckService>();
        await Eventually.HoldsAsync(async () => (await health.CheckHealthAsync()).Status, status => status == HealthStatus.Healthy);
        await Stop("n2");
        await Stop("n3");
        await Eventually.HoldsAsync(async () => (await health.CheckHealthAsync()).Status, status => status == HealthStatus.Degraded);
    }

    [Fact]
    public async Task A_member_without_a_state_is_unhealthy()
    {
        var replica = _hosts["n1"].Services.GetRequiredService<IReplica<Ledger>>();
        await Assert.ThrowsAsync<Errors.ApplyFailedException>(() => replica.ExecuteAsync(new Break(0)));

        var health = _hosts["n1"].Services.GetRequiredService<HealthCheckService>();
        await Eventually.HoldsAsync(async () => (await health.CheckHealthAsync()).Status, status => status == HealthStatus.Unhealthy);
    }

    private static IRaftMember MemberOf(IHost host) => host.Services.GetRequiredService<IRaftMember>();

    private async Task Stop(string name)
    {
        _hosts.Remove(name, out var host);
        await host!.StopAsync();
        host.Dispose();
    }

    private IHost Build(string name, IReadOnlyList<int> ports)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Raft:NodeId"] = name, ["Raft:DataDirectory"] = Path.Combine(_folder, name), ["Raft:SegmentBytes"] = $"{4 << 20}",
            ["Raft:Peers:n1"] = $"127.0.0.1:{ports[0]}", ["Raft:Peers:n2"] = $"127.0.0.1:{ports[1]}",
            ["Raft:Peers:n3"] = $"127.0.0.1:{ports[2]}",
        });
        builder.AddRaft<Ledger>();
        builder.Services.AddSingleton(this);
        builder.Services.AddLeaderService<Worker>();
        return builder.Build();
    }

    private sealed class Worker(HostTests test, IRaftMember member) : LeaderService
    {
        protected override async Task ExecuteAsLeaderAsync(Leadership leadership)
        {
            test._working[member.Name] = true;
            test._reigns.Enqueue((member.Name, leadership.FencingToken));
            try
            {
                await Task.Delay(Timeout.Infinite, leadership.Lost);
            }
            finally
            {
                test._working[member.Name] = false;
            }
        }
    }
}

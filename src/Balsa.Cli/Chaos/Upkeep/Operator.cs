using System.Diagnostics;
using Balsa.Cli.Chaos.Rounds;
using Balsa.Cli.Clients;
using Balsa.Cli.Dev;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Chaos.Upkeep;

/// <summary>Stops, moves, adds, removes and replaces members, each step as the manual says, and waits until the cluster is whole.</summary>
internal sealed class Operator(DevPlan plan, DevCluster cluster)
{
    private const string Voter = "Voter";
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10), LongestStep = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="ChaosException">A step was refused, or the cluster does not become whole again.</exception>
    internal async Task DoAsync(UpkeepKind kind)
    {
        var (leader, followers, _) = await LookAsync();
        switch (kind)
        {
            case UpkeepKind.StopLeader: await RestartAsync(leader); break;
            case UpkeepKind.StopFollower: await RestartAsync(followers[0]); break;
            case UpkeepKind.MoveLeader: await MoveAsync(leader); break;
            case UpkeepKind.SwapLeader: await SwapAsync(removesLeader: true); break;
            case UpkeepKind.SwapFollower: await SwapAsync(removesLeader: false); break;
            case UpkeepKind.ReplaceFollower: await ReplaceAsync(followers[0]); break;
        }
    }

    /// <summary>The leader, the other voters, and who waits for being added.</summary>
    private async Task<(DevNode Leader, IReadOnlyList<DevNode> Followers, IReadOnlyList<DevNode> Spares)> LookAsync()
    {
        var leader = await cluster.WaitForLeaderAsync();
        var voters = VotersOf(leader);
        return (
            cluster.Nodes.First(node => node.Address.Name == leader.Name),
            [.. cluster.Nodes.Where(node => node.Address.Name != leader.Name && voters.Contains(node.Address.Name))],
            [.. cluster.Nodes.Where(node => !voters.Contains(node.Address.Name))]);
    }

    private async Task RestartAsync(DevNode node)
    {
        var voters = VotersOf(await cluster.WaitForLeaderAsync());
        await TerminateAsync(node);
        await node.StartAsync();
        await WaitForVotersAsync(voters);
    }

    private async Task MoveAsync(DevNode leader)
    {
        var voters = VotersOf(await cluster.WaitForLeaderAsync());
        var target = (await cluster.LookAsync()).Members.First(member => member.Role == Voter && member.Name != leader.Address.Name);
        await StepAsync("leader move", new ClientRequest { Op = ClientOperation.MoveLeader, Target = target.Id });
        await WaitForVotersAsync(voters);
    }

    private async Task SwapAsync(bool removesLeader)
    {
        var (leader, followers, spares) = await LookAsync();
        var added = spares[0];
        var add = new MemberRequest
        {
            Kind = MemberRequest.Add, NewName = added.Address.Name, PeerUrls = $"http://{added.Address.Peer}",
        };
        await ChangeAsync(add);
        await JoinAsync(added);
        HashSet<string> names = [leader.Address.Name, .. followers.Select(node => node.Address.Name), added.Address.Name];
        await WaitForVotersAsync(names);
        var removed = (await LookAsync()) switch { var now => removesLeader ? now.Leader : now.Followers.First(node => node != added) };
        await ChangeAsync(new MemberRequest { Kind = MemberRequest.Remove, Name = removed.Address.Name });
        if (!await removed.EndsAsync(LongestStop))
            throw new ChaosException($"{removed.Address.Name} was removed and did not stop within {LongestStop.TotalSeconds} s");
        Directory.Delete(DirectoryOf(removed), recursive: true);
        names.Remove(removed.Address.Name);
        await WaitForVotersAsync(names);
    }

    private async Task ReplaceAsync(DevNode node)
    {
        var voters = VotersOf(await cluster.WaitForLeaderAsync());
        await TerminateAsync(node);
        Directory.Delete(DirectoryOf(node), recursive: true);
        await ChangeAsync(new MemberRequest { Kind = MemberRequest.Replace, Name = node.Address.Name });
        await JoinAsync(node);
        await WaitForVotersAsync(voters);
    }

    private static async Task TerminateAsync(DevNode node)
    {
        if (node.Pid is { } pid) Signals.Terminate(pid);
        if (!await node.EndsAsync(LongestStop))
            throw new ChaosException($"{node.Address.Name} did not stop within {LongestStop.TotalSeconds} s of SIGTERM");
    }

    private async Task JoinAsync(DevNode node)
    {
        node.MoreFlags = ["--initial-cluster-state", "existing", "--initial-cluster", DevPlan.ListOf(plan.Members)];
        await node.StartAsync();
    }

    private Task ChangeAsync(MemberRequest change) =>
        StepAsync($"member {change.Kind}", new ClientRequest { Op = ClientOperation.Members, Member = change });

    /// <summary>A step of unknown outcome is no failure: what follows waits for what it should have done.</summary>
    private async Task StepAsync(string what, ClientRequest request)
    {
        using var client = new ClusterClient(cluster.Endpoints);
        var response = await client.AskAsync(request, LongestStep / 2);
        if (response is null || response.Outcome == ClientOutcome.NotDone)
            throw new ChaosException($"{what}: {response?.Message ?? "no member could be reached"}");
    }

    private async Task WaitForVotersAsync(IReadOnlySet<string> names)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestStep)
        {
            var view = await cluster.LookAsync();
            if (view is { WritesWork: true, Leader: { } leader } && names.SetEquals(VotersOf(leader)) && IsWhole(view, leader, names)) return;
            await Task.Delay(Pause);
        }

        throw new ChaosException($"{string.Join(", ", names)} were not all voters and level within {LongestStep.TotalSeconds} s");
    }

    /// <summary>All answer, follow and have what was committed when the leader was asked.</summary>
    private static bool IsWhole(ClusterView view, NodeStatus leader, IReadOnlySet<string> names) => names.All(name =>
        view.Answers.Values.Any(node => node.Name == name && node.Leader == leader.Name && node.Aside is null));

    private static IReadOnlySet<string> VotersOf(NodeStatus leader) =>
        leader.Members.Where(member => member.Role == Voter).Select(member => member.Name).ToHashSet();

    private string DirectoryOf(DevNode node) => Path.Combine(plan.DataDirectory, node.Address.Name);
}

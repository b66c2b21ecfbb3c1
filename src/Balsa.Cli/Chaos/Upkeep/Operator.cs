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
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10), LongestStep = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromSeconds(10);
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

    /// <summary>The node joins, and this waits until it votes. All voters by name.</summary>
    /// <exception cref="ChaosException">It was refused, or did not get so far.</exception>
    internal async Task<IReadOnlySet<string>> AddAsync(DevNode node)
    {
        var voters = VotersOf(await cluster.WaitForLeaderAsync());
        var (name, urls) = (node.Address.Name, $"http://{node.Address.Peer}");
        await ChangeAsync(new MemberRequest { Kind = MemberRequest.Add, NewName = name, PeerUrls = urls });
        await JoinAsync(node);
        HashSet<string> after = [.. voters, name];
        await WaitForVotersAsync(after);
        return after;
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
        var added = (await LookAsync()).Spares[0];
        var names = await AddAsync(added);
        var removed = (await LookAsync()) switch { var now => removesLeader ? now.Leader : now.Followers.First(node => node != added) };
        await ChangeAsync(new MemberRequest { Kind = MemberRequest.Remove, Name = removed.Address.Name });
        if (!await removed.EndsAsync(LongestStop))
            throw new ChaosException($"{removed.Address.Name} was removed and did not stop within {LongestStop.TotalSeconds} s");
        Directory.Delete(DirectoryOf(removed), recursive: true);
        await WaitForVotersAsync(names.Where(name => name != removed.Address.Name).ToHashSet());
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

    /// <summary>
    /// A refusal may hold for a moment only: a leader believes for a while that a member is there. A step of unknown outcome is no
    /// failure, because what follows waits for what it should have done.
    /// </summary>
    private async Task StepAsync(string what, ClientRequest request)
    {
        using var client = new ClusterClient(cluster.Endpoints);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var response = await client.AskAsync(request, LongestRefusal);
            if (response?.Outcome is ClientOutcome.Done or ClientOutcome.Unknown) return;
            if (Stopwatch.GetElapsedTime(started) > LongestRefusal)
                throw new ChaosException($"{what}: {response?.Message ?? "no member could be reached"}");
            await Task.Delay(Pause);
        }
    }

    private async Task WaitForVotersAsync(IReadOnlySet<string> names)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestStep)
        {
            var view = await cluster.LookAsync();
            var works = view is { WritesWork: true };
            if (works && view!.Leader is { } leader && names.SetEquals(VotersOf(leader)) && IsWhole(view, leader, names)) return;
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

using Balsa.Raft.Identity;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Tests.Scripts;
using Balsa.Simulation.Scenarios;

namespace Balsa.Raft.Tests.Lines;

/// <summary>
/// The scenarios' cluster for tests in C#: the same commands, and the state of the cores to look at afterwards.
/// </summary>
internal sealed class TestCluster
{
    internal const string Plain = "pre-vote=no check-quorum=no";

    /// <summary>BALSA_PLANT=name plants a mistake in every core of these tests, to see which of them notice it.</summary>
    private static readonly Mutant Planted = Enum.Parse<Mutant>(Environment.GetEnvironmentVariable("BALSA_PLANT") ?? "None");
    private readonly ScenarioRunner<PlantingProbe> _runner = new(() => new PlantingProbe(Planted, null));
    private readonly List<string> _told = [];

    /// <summary>Everything that the last call of <see cref="Do"/> told.</summary>
    internal IReadOnlyList<string> Told => _told;

    internal RaftCore<PlantingProbe> this[int node] => _runner.Cluster[node].Core;

    /// <param name="nodes">How many voters, and what else the command of that name takes: "3 learners=(4) lease".</param>
    internal static TestCluster Of(string nodes, string options = "")
    {
        var cluster = new TestCluster();
        if (options.Length > 0) cluster.Do($"options {options}");
        return cluster.Do($"nodes {nodes}");
    }

    /// <summary>Nodes that find logs of these terms on their disks, without a leader: "1,1,2 term=3".</summary>
    internal static TestCluster WithLogs(string options, params string[] logs)
    {
        var cluster = Of($"{logs.Length} down", options);
        for (var i = 0; i < logs.Length; i++) cluster.Do($"image {i + 1} terms={logs[i]}", $"restart {i + 1}");
        return cluster.Do("sleep 300");
    }

    /// <summary>Plays the commands; a command that makes no sense fails the test.</summary>
    internal TestCluster Do(params string[] commands)
    {
        _told.Clear();
        foreach (var command in commands) _told.AddRange(_runner.Play(command));
        var mistake = _told.Find(line =>
            line.StartsWith("cannot: ", StringComparison.Ordinal) || line.Contains("DISASTER", StringComparison.Ordinal));
        Assert.Null(mistake);
        return this;
    }

    internal TestCluster Elect(int node)
    {
        Do($"campaign {node} after-silence");
        Assert.Equal(Role.Leader, this[node].Role);
        return this;
    }

    internal TestCluster Propose(int node, string text, string more = "") => Do($"propose {node} \"{text}\" {more}");

    internal bool Tells(string part) => _told.Exists(line => line.Contains(part, StringComparison.Ordinal));

    internal TestCluster MustTell(string part)
    {
        Assert.True(Tells(part), $"nobody told of \"{part}\" but: {string.Join(" | ", _told)}");
        return this;
    }

    internal TestCluster MustNotTell(string part)
    {
        Assert.False(Tells(part), $"somebody told of \"{part}\": {string.Join(" | ", _told)}");
        return this;
    }

    internal PeerStatus Peer(int leader, int peer)
    {
        Assert.True(this[leader].TryGetPeer(new MemberId((ulong)peer), out var status));
        return status;
    }

    /// <summary>The terms of a node's log: "1 1 2".</summary>
    internal string Log(int node) => string.Join(' ', _runner.Cluster[node].Disk.Seen.Entries.Select(e => e.Entry.Id.Term));

    internal string State(int node) => string.Join(' ', _runner.Cluster[node].State);

    internal IReadOnlyList<Message> OnTheWay(MessageKind kind) =>
        [.. _runner.Cluster.Network.Letters.Select(l => l.Message).Where(m => m.Kind == kind)];

    internal void NobodyWaits() => Do("expect-none").MustNotTell("not answered");
}

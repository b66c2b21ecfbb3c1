using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Simulation.Scenarios.Cluster;

namespace Balsa.Simulation.Scenarios.Commands;

/// <summary>Looks without changing anything.</summary>
internal sealed class ViewCommands<TProbe>(ScenarioCluster<TProbe> cluster) where TProbe : struct, IProbe
{
    internal void AddTo(SortedDictionary<string, Action<CommandLine>> commands)
    {
        commands["status"] = Status;
        commands["log"] = Log;
        commands["state"] = State;
        commands["peers"] = Peers;
        commands["rejections"] = Rejections;
        commands["expect-none"] = ExpectNone;
    }

    private IEnumerable<ScenarioNode<TProbe>> Chosen(CommandLine line)
    {
        if (!line.HasMore) return cluster.Nodes;
        var chosen = new List<ScenarioNode<TProbe>>();
        while (line.HasMore) chosen.Add(cluster[line.Number()]);
        return chosen;
    }

    private void Status(CommandLine line)
    {
        foreach (var node in Chosen(line))
        {
            if (!node.IsRunning)
            {
                cluster.Narrator.Tell($"{node.Id}: not running");
                continue;
            }
            var core = node.Core;
            var durable = core.Durable == core.Last.Index ? "" : $", durable {core.Durable}";
            var applied = core.Applied == core.Commit ? "" : $", applied {core.Applied}";
            var mode = core.Mode == RecoveryMode.Intact ? "" : $", {core.Mode}";
            var vote = core.VotedFor.IsNone ? "no vote" : $"voted for {core.VotedFor.Value}";
            var configuration = core.ConfigurationIndex == LogIndex.Zero
                ? "" : $", configuration {core.ConfigurationIndex} {Wording.Configuration(core.Configuration)}";
            cluster.Narrator.Tell(
                $"{node.Id}: {Role(core)} in term {core.Term}, {vote}, "
                + $"log ends with {core.Last}{durable}, committed {core.Commit}{applied}{mode}{configuration}");
        }
    }

    private static string Role(RaftCore<TProbe> core) => core.Role switch
    {
        Raft.Role.Leader => "leads",
        Raft.Role.Candidate => "stands",
        Raft.Role.PreCandidate => "asks before standing",
        _ => core.Leader.IsNone ? "follows nobody" : $"follows {core.Leader.Value}",
    };

    /// <summary>log: the terms of every node's log, as in the paper's figures. log N: with the content.</summary>
    private void Log(CommandLine line)
    {
        var detailed = line.HasMore;
        foreach (var node in Chosen(line))
        {
            var seen = node.Disk.Seen;
            var start = seen.Boundary.Index > LogIndex.Zero ? $"[{seen.Boundary}] " : "";
            var entries = detailed ? string.Join(", ", seen.Entries.Select(cluster.Words))
                : string.Join(' ', seen.Entries.Select(e => $"{e.Entry.Id.Term}"));
            var commit = node.IsRunning ? $"committed {node.Core.Commit}" : "not running";
            cluster.Narrator.Tell($"{node.Id}: {start}{entries}; {commit}");
        }
    }

    private void State(CommandLine line)
    {
        foreach (var node in Chosen(line))
            cluster.Narrator.Tell($"{node.Id} applied up to {node.AppliedByState}: {string.Join(' ', node.State)}");
    }

    private void Peers(CommandLine line)
    {
        var node = cluster[line.Number()];
        foreach (var other in cluster.Nodes)
        {
            if (!node.Core.TryGetPeer(other.Member, out var peer)) continue;
            var how = peer.NeedsSnapshot ? "needs a snapshot" : peer.Replicating ? "is replicated to" : "is probed";
            var notes = (peer.NotCounted ? ", not counted" : "") + (peer.DiskSlow ? ", slow disk" : "");
            cluster.Narrator.Tell($"{other.Id} {how}: match {peer.Match}, next {peer.Next}{notes}");
        }
    }

    private void Rejections(CommandLine line)
    {
        foreach (var node in Chosen(line))
        {
            var counted = Enum.GetValues<Rejection>().Where(r => node.Core.Rejections[r] > 0).Select(r => $"{r} {node.Core.Rejections[r]}");
            cluster.Narrator.Tell($"{node.Id} refused: {string.Join(", ", counted)}");
        }
    }

    /// <summary>Nobody waits for an answer, no message is on the way, and no write is unsynced.</summary>
    private void ExpectNone(CommandLine line)
    {
        foreach (var request in cluster.Unanswered()) cluster.Narrator.Tell($"not answered: {request}");
        cluster.Narrator.Tell("nobody waits for an answer but those named above");
    }
}

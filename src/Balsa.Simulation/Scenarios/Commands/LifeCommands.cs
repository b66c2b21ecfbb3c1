using System.Globalization;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Simulation.Scenarios.Cluster;

namespace Balsa.Simulation.Scenarios.Commands;

/// <summary>Options, founding, crashes, restarts and the clock.</summary>
internal sealed class LifeCommands<TProbe>(ScenarioCluster<TProbe> cluster) where TProbe : struct, IProbe
{
    internal void AddTo(SortedDictionary<string, Action<CommandLine>> commands)
    {
        commands["options"] = Options;
        commands["nodes"] = Nodes;
        commands["start"] = line => cluster.Start(line.Number());
        commands["crash"] = Crash;
        commands["restart"] = Restart;
        commands["image"] = Image;
        commands["wait"] = line => cluster.Pass(Milliseconds(line.Number()));
        commands["sleep"] = line => cluster.PassSilently(Milliseconds(line.Number()));
        commands["pause"] = line => cluster[line.Number()].IsPaused = true;
        commands["resume"] = line => cluster.Resume(cluster[line.Number()]);
        commands["shutdown"] = line => cluster[line.Number()].Input(core => core.Shutdown());
    }

    private static long Milliseconds(int count) => count * TimeSpan.TicksPerMillisecond;

    /// <summary>options name=value ...: for every node that starts from now on.</summary>
    private void Options(CommandLine line)
    {
        var o = cluster.Options;
        foreach (var (name, value) in line.Settings) o = With(o, name, value);
        cluster.Options = o;
        cluster.Narrator.Tell("noted");
    }

    private static RaftOptions With(RaftOptions o, string name, string value)
    {
        int Number() => CommandLine.ParseNumber(value);
        TimeSpan Time() => TimeSpan.FromMilliseconds(Number());
        return name switch
        {
            "pre-vote" => o with { PreVote = value == "yes" },
            "check-quorum" => o with { CheckQuorum = value == "yes" },
            "heartbeat" => o with { HeartbeatInterval = Time() },
            "election" => o with { ElectionTimeout = Time() },
            "inflight" => o with { InflightMessagesMax = Number() },
            "inflight-bytes" => o with { InflightBytesMax = Number() },
            "append-entries" => o with { AppendEntriesMax = Number() },
            "append-bytes" => o with { AppendBytesMax = Number() },
            "uncommitted-entries" => o with { UncommittedEntriesMax = Number() },
            "uncommitted-bytes" => o with { UncommittedBytesMax = Number() },
            "entry-bytes" => o with { EntryBytesMax = Number() },
            "pending-reads" => o with { PendingReadsMax = Number() },
            "recent" => o with { RecentEntries = Number() },
            "promotion-lag" => o with { PromotionLag = (ulong)Number() },
            "keep" => o with { EntriesKeptBehindSnapshot = 0, EntriesKeptForLaggards = (ulong)Number() },
            "keep-always" => o with { EntriesKeptBehindSnapshot = (ulong)Number() },
            "snapshot-stall" => o with { SnapshotStall = Time() },
            "slow-disk" => o with { SlowDiskHandoff = Time() },
            "tenure" => o with { LeaderTenureMax = Time() },
            "feature" => o with { FeatureLevel = (uint)Number() },
            "reuse-ids" => o with { ReuseRemovedIds = value == "yes" },
            _ => throw new ScenarioException($"there is no option '{name}'."),
        };
    }

    /// <summary>nodes N [learners=(4,5)] [forced] [lease] [feature=L] [down]: founds a cluster of N voters and these learners.</summary>
    private void Nodes(CommandLine line)
    {
        var settings = new ClusterSettings(line.Takes("forced"), line.Takes("lease"));
        var start = !line.Takes("down");
        var members = new List<Member>();
        var voters = line.Number();
        for (var id = 1; id <= voters; id++) members.Add(Member(id, MemberRole.Voter));
        foreach (var id in line.Nodes("learners")) members.Add(Member(id, MemberRole.Learner));
        cluster.Found(Configuration.Found(members, settings, (uint)line.Setting("feature", 1)), start);
        cluster.Narrator.Tell(start ? "started" : "founded, nobody is running");
    }

    private static Member Member(int id, MemberRole role) =>
        new() { Id = new MemberId((ulong)id), Incarnation = new Incarnation((ulong)id), Role = role, Name = $"n{id}" };

    /// <summary>crash N [keep=all|none|K]: what is not synced is lost, except for the oldest K operations.</summary>
    private void Crash(CommandLine line)
    {
        var node = cluster[line.Number()];
        var keep = line.Setting("keep", "none");
        var before = node.Disk.Unsynced;
        var kept = keep switch { "all" => before, "none" => 0, _ => Math.Min(before, CommandLine.ParseNumber(keep)) };
        node.Crash(kept);
        cluster.Narrator.Tell(before == 0 ? $"{node.Id} crashed"
            : $"{node.Id} crashed; {before - kept} of {before} unsynced writes are lost");
    }

    /// <summary>restart N [wiped] [repairing|never-counts] [lost-from=I].</summary>
    private void Restart(CommandLine line)
    {
        var (wiped, repairing, never) = (line.Takes("wiped"), line.Takes("repairing"), line.Takes("never-counts"));
        var node = cluster[line.Number()];
        if (node.IsRunning) node.Crash(0);
        if (wiped) node.Wipe();
        var lost = line.Setting("lost-from", 0);
        if (lost > 0) node.Disk.WriteThrough(log => log.TruncateFrom(new LogIndex((ulong)lost)));
        cluster.Start(node.Id, never ? RecoveryMode.NeverCounts : repairing ? RecoveryMode.Repairing : RecoveryMode.Intact);
        cluster.Narrator.Tell(node.Id, $"restarted in term {node.Core.Term}, its log ends with {node.Core.Last}");
    }

    /// <summary>image N terms=1,1,4 [term=T] [vote=V]: what a node that is not running finds on its disk.</summary>
    private void Image(CommandLine line)
    {
        var node = cluster[line.Number()];
        if (node.IsRunning) throw new ScenarioException($"node {node.Id} is running.");
        var entries = new List<StoredEntry>();
        foreach (var term in line.Setting("terms").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var id = new EntryId(new Term(CommandLine.ParseLarge(term)), new LogIndex((ulong)entries.Count + 1));
            var payload = cluster.NewPayload(string.Create(CultureInfo.InvariantCulture, $"{id}"));
            entries.Add(new StoredEntry(new EntryRef(id, EntryKind.Data, 1, 0, payload), null));
        }
        var lastTerm = entries.Count == 0 ? 0 : (int)entries[^1].Entry.Id.Term.Value;
        var hardState = new HardState(new Term((ulong)line.Setting("term", lastTerm)), new MemberId((ulong)line.Setting("vote", 0)));
        node.Disk.Wipe();
        node.Disk.WriteThrough(log => log.Found(cluster.Founding));
        node.Disk.WriteThrough(log => log.Append(entries));
        node.Disk.WriteThrough(log => log.HardState = hardState);
        cluster.Narrator.Tell("noted");
    }
}

using System.Globalization;
using System.Text;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Simulation.Scenarios.Cluster;

namespace Balsa.Simulation.Scenarios.Commands;

/// <summary>What callers and operators ask of a node: proposals, reads, membership changes, transfers, campaigns.</summary>
internal sealed class ClientCommands<TProbe>(ScenarioCluster<TProbe> cluster) where TProbe : struct, IProbe
{
    private int _reads, _changes;

    internal void AddTo(SortedDictionary<string, Action<CommandLine>> commands)
    {
        commands["propose"] = Propose;
        commands["read"] = Read;
        commands["change"] = Change;
        commands["plan"] = Plan;
        commands["transfer"] = Transfer;
        commands["campaign"] = Campaign;
        commands["resign"] = line => Ask(line.Number(), "the wish to resign", (core, correlation) => core.Resign(correlation));
    }

    private void Ask(int node, string words, Action<RaftCore<TProbe>, Correlation> ask)
    {
        var correlation = cluster.NewRequest(words);
        cluster[node].Input(core => ask(core, correlation));
    }

    /// <summary>propose N "text" [n=K] [bytes=B] [one-by-one]: K proposals in one call, or in a call each.</summary>
    private void Propose(CommandLine line)
    {
        var oneByOne = line.Takes("one-by-one");
        var node = cluster[line.Number()];
        var count = line.Setting("n", 1);
        var proposals = new Proposal[count];
        for (var i = 0; i < count; i++)
        {
            var text = count == 1 ? line.Text ?? "x" : string.Create(CultureInfo.InvariantCulture, $"{line.Text ?? "x"}{i + 1}");
            var bytes = Encoding.UTF8.GetBytes(text);
            proposals[i] = new Proposal(
                cluster.NewPayload(text), (uint)line.Setting("bytes", bytes.Length), Crc32C.Of(bytes),
                cluster.NewRequest($"\"{text}\"", ofBatch: count > 1));
        }
        if (!oneByOne)
        {
            node.Input(core => core.Propose(proposals));
            return;
        }
        foreach (var proposal in proposals)
        {
            node.Input(core => core.Propose([proposal]));
            cluster.Settle();
        }
    }

    /// <summary>read N [quorum|lease|local] [n=K].</summary>
    private void Read(CommandLine line)
    {
        var node = line.Number();
        var mode = (line.HasMore ? line.Word() : "quorum") switch
        {
            "quorum" => ReadMode.Quorum,
            "lease" => ReadMode.Lease,
            "local" => ReadMode.Local,
            var other => throw new ScenarioException($"there is no way to read '{other}'."),
        };
        for (var i = 0; i < line.Setting("n", 1); i++)
            Ask(node, $"read {++_reads}", (core, correlation) => core.Read(correlation, mode));
    }

    /// <summary>change N what [member] ... [expected=I]: several changes take effect together.</summary>
    private void Change(CommandLine line)
    {
        var node = line.Number();
        var changes = Changes(line);
        var expected = new LogIndex((ulong)line.Setting("expected", 0));
        Ask(node, $"change {++_changes}", (core, correlation) => core.ChangeConfiguration(changes, expected, correlation));
    }

    private void Plan(CommandLine line)
    {
        var node = cluster[line.Number()];
        var error = node.Core.Plan(Changes(line), out var planned);
        cluster.Narrator.Tell(error == ConfigurationError.None
            ? $"would become {Wording.Configuration(planned)}" : $"impossible, {error}: {ConfigurationRules.Explain(error)}");
    }

    private static ConfigurationChange[] Changes(CommandLine line)
    {
        var changes = new List<ConfigurationChange>();
        while (line.HasMore) changes.Add(OneChange(line));
        return [.. changes];
    }

    private static ConfigurationChange OneChange(CommandLine line)
    {
        var what = line.Word();
        if (what == "settings")
        {
            var settings = new ClusterSettings(line.Takes("forced"), line.Takes("lease"));
            return new ConfigurationChange { Kind = ChangeKind.SetSettings, Settings = settings };
        }
        var kind = what switch
        {
            "add-learner" => ChangeKind.AddLearner,
            "add-voter" => ChangeKind.AddVoter,
            "promote" => ChangeKind.Promote,
            "demote" => ChangeKind.Demote,
            "remove" => ChangeKind.Remove,
            "rename" => ChangeKind.Update,
            "bind" => ChangeKind.BindIncarnation,
            "raise-level" => ChangeKind.RaiseFeatureLevel,
            _ => throw new ScenarioException($"there is no change '{what}'."),
        };
        var change = ConfigurationChange.Of(kind, new MemberId((ulong)line.Number()));
        return kind == ChangeKind.Update ? change with { Name = line.Text } : change;
    }

    private void Transfer(CommandLine line)
    {
        var (from, to) = (line.Number(), line.Number());
        Ask(from, $"the transfer to {to}", (core, correlation) => core.TransferLeadership(new MemberId((ulong)to), correlation));
    }

    /// <summary>campaign N [forced] [after-silence]: with the latter, nobody has heard a leader for an election time-out.</summary>
    private void Campaign(CommandLine line)
    {
        var kind = line.Takes("forced") ? CampaignKind.Forced : CampaignKind.Ordinary;
        if (line.Takes("after-silence")) cluster.PassSilently(cluster.Options.ElectionTimeout.Ticks);
        Ask(line.Number(), "the campaign", (core, correlation) => core.Campaign(kind, correlation));
    }
}

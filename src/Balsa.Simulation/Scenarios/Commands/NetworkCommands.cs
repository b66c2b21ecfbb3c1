using Balsa.Raft.Identity;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Simulation.Scenarios.Cluster;

namespace Balsa.Simulation.Scenarios.Commands;

/// <summary>Cuts, holds, losses, repetitions: everything a network may do.</summary>
internal sealed class NetworkCommands<TProbe>(ScenarioCluster<TProbe> cluster) where TProbe : struct, IProbe
{
    internal void AddTo(SortedDictionary<string, Action<CommandLine>> commands)
    {
        commands["hold"] = Hold;
        commands["release"] = _ => cluster.Network.Release();
        commands["deliver"] = Deliver;
        commands["drop"] = Drop;
        commands["duplicate"] = Duplicate;
        commands["cut"] = Cut;
        commands["isolate"] = Isolate;
        commands["heal"] = _ => cluster.Network.Heal();
        commands["watch"] = Watch;
        commands["unreachable"] = Unreachable;
    }

    /// <summary>hold [1->2] [kind]: such letters wait until they are delivered or released.</summary>
    private void Hold(CommandLine line) => cluster.Network.Hold(line.Pattern());

    /// <summary>deliver [1->2] [kind] [n] [newest]: hands over letters that wait now, and leaves the rest held.</summary>
    private void Deliver(CommandLine line)
    {
        var newest = line.Takes("newest");
        var pattern = line.Pattern();
        var letters = cluster.Network.Take(pattern, line.NumberOr(int.MaxValue), newest);
        if (letters.Count == 0) throw new ScenarioException("no such message is on the way.");
        foreach (var letter in letters)
        {
            cluster.Deliver(letter);
            cluster.Settle();
        }
    }

    private void Drop(CommandLine line)
    {
        var newest = line.Takes("newest");
        var pattern = line.Pattern();
        foreach (var letter in cluster.Network.Take(pattern, line.NumberOr(int.MaxValue), newest))
            cluster.Narrator.TellLoss($"lost: {Wording.Of(letter)}");
    }

    private void Duplicate(CommandLine line)
    {
        if (cluster.Network.Repeat(line.Pattern()) == 0) throw new ScenarioException("no such message is on the way.");
    }

    /// <summary>cut 1-2 (both ways) or cut 1->2 (one way); several at once.</summary>
    private void Cut(CommandLine line)
    {
        while (line.HasMore)
        {
            var word = line.Word();
            var oneWay = word.Contains("->", StringComparison.Ordinal);
            var (from, to) = CommandLine.Link(oneWay ? word : word.Replace("-", "->", StringComparison.Ordinal));
            cluster.Network.Cut(from, to);
            if (!oneWay) cluster.Network.Cut(to, from);
        }
    }

    private void Isolate(CommandLine line)
    {
        while (line.HasMore)
        {
            var alone = line.Number();
            foreach (var other in cluster.Nodes.Where(n => n.Id != alone))
            {
                cluster.Network.Cut(alone, other.Id);
                cluster.Network.Cut(other.Id, alone);
            }
        }
    }

    /// <summary>watch [1->2] [kind]: tells of every such letter when it is sent. watch nothing: no more.</summary>
    private void Watch(CommandLine line)
    {
        if (line.Takes("nothing")) cluster.Network.Watched.Clear();
        else cluster.Network.Watched.Add(line.Pattern());
    }

    private void Unreachable(CommandLine line)
    {
        var (node, peer) = (cluster[line.Number()], line.Number());
        node.Input(core =>
        {
            var refused = core.OnPeerUnreachable(new MemberId((ulong)peer));
            if (refused != Rejection.None) cluster.Narrator.Tell(node.Id, $"ignored that: {refused}");
        });
    }
}

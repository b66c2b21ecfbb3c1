using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Members that come new: beside the others, in the place of one whose directory is lost, or once more under an old id.</summary>
internal sealed class Newcomers(FullRun world)
{
    private const int NodesMax = 32, MembersMax = 7, TriesToReplace = 4;

    private const long BetweenTries = 1_500 * TimeSpan.TicksPerMillisecond;

    private ulong _incarnations = 1000;

    internal Incarnation NextIncarnation() => new(++_incarnations);

    internal bool Add(FullNode leader, Configuration configuration, ChangeKind kind) =>
        configuration.Members.Length < MembersMax && NewNode(configuration) is { } node
        && world.Operators.Ask(leader, ConfigurationChange.Of(kind, node.Id));

    /// <summary>A member whose directory is lost gives its place to an empty one under another id.</summary>
    internal bool Replace(FullNode leader, Configuration configuration)
    {
        foreach (var member in configuration.Members)
        {
            if (member.Role == MemberRole.Leaving || world.Budget.IsSound(member.Id)) continue;
            if (world.NodeOf(member.Id) is { Harm: Harm.Damaged, State: NodeState.Up }) continue;
            var removal = ConfigurationChange.Of(ChangeKind.Remove, member.Id);
            return NewNode(configuration) is { } node
                ? world.Operators.Ask(leader, removal, ConfigurationChange.Of(ChangeKind.AddVoter, node.Id))
                : world.Operators.Ask(leader, removal);
        }

        return false;
    }

    /// <summary>A removed member comes back, mostly with an empty directory. Where ids are never given twice it is turned away.</summary>
    internal bool AddAgain(FullNode leader, Configuration configuration, Dice draw)
    {
        foreach (var id in configuration.Removed)
        {
            var node = world.NodeOf(id);
            if (!world.Judges.History.Configuration!.WasRemoved(id) || node.State != NodeState.Gone) continue;
            if (node.Harm is not (Harm.None or Harm.Wiped)) continue;
            if (node.Harm == Harm.Wiped || draw.Chance(700)) node.LoseDirectory(NextIncarnation(), configuration);
            (node.State, node.Harm, node.Truth.BeforeHarm) = (NodeState.Down, Harm.None, null);
            world.Lifecycle.RestartAfter(node, draw.Below(1_000) * TimeSpan.TicksPerMillisecond);
            return world.Operators.Ask(
                leader, ConfigurationChange.Of(draw.OneOf(ChangeKind.AddLearner, ChangeKind.AddVoter), id));
        }

        return false;
    }

    /// <summary>Somebody has noticed that a member cannot come back as it was, and tries until it is replaced.</summary>
    internal void ReplaceLater(FullNode lost, int tries = TriesToReplace) =>
        world.Queue.Add(world.Now + BetweenTries, EventKind.Mishap, lost.Slot, 0, 0, 0, (Action)(() => TryReplace(lost, tries)));

    private void TryReplace(FullNode lost, int tries)
    {
        if (world.IsCalm || lost.Harm is not (Harm.Wiped or Harm.TermLost or Harm.RolledBack or Harm.Damaged)) return;
        if (!world.Budget.IsMember(lost.Id))
        {
            // Its machine is given back.
            if (lost.State != NodeState.Gone) world.Lifecycle.Bury(lost);
            return;
        }

        if (world.FindLeader() is { IsServing: true } leader && Replace(leader, leader.Machine!.Configuration))
            world.Faults.Hit(FaultKind.Replace);
        if (tries > 0) ReplaceLater(lost, tries - 1);
    }

    /// <summary>An empty directory, started by somebody who told it whom to call. One that nobody has taken up yet comes first.</summary>
    private FullNode? NewNode(Configuration configuration)
    {
        foreach (var waiting in world.Nodes)
        {
            if (!world.Budget.IsSound(waiting.Id) || !waiting.Truth.Written.Ruling.IsEmpty || world.Budget.IsMember(waiting.Id)) continue;
            if (configuration.Find(waiting.Id) is not null || configuration.WasRemoved(waiting.Id)) continue;
            waiting.Introduction = configuration;
            return waiting;
        }

        if (world.Nodes.Count == NodesMax) return null;
        var node = new FullNode(world.Nodes.Count, Configuration.Empty, world.ChainOf) { Introduction = configuration };
        world.Nodes.Add(node);
        world.Lifecycle.Start(node);
        return node;
    }
}

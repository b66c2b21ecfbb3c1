using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Oracles;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>
/// How many voters may lose what they had promised: never so many that no quorum survives, by any configuration that may
/// rule. Beyond it no algorithm could help, and a failure would say nothing.
/// </summary>
internal sealed class MemberBudget(FullRun world)
{
    internal bool MayLose(FullNode node)
    {
        if (!Survives(world.Judges.History.Configuration!, node.Id)) return false;
        foreach (var other in world.Nodes)
            if (other.State != NodeState.Gone && !Survives(other.Truth.Written.Ruling, node.Id)) return false;
        return true;
    }

    /// <summary>Whether enough sound voters would be left if this were the configuration.</summary>
    internal bool Survives(Configuration configuration, MemberId lost) =>
        configuration.IsEmpty || NaiveQuorum.Agrees(configuration, id => id != lost && IsSound(id));

    internal bool IsSound(MemberId id) =>
        world.NodeOf(id) is { Harm: Harm.None, State: NodeState.Up or NodeState.Down };
}

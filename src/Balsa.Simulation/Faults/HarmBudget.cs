using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Faults;

/// <summary>
/// How many voters may lose what they had promised: never so many that no quorum survives, by any configuration that may
/// rule. Beyond it no algorithm could help, and a failure would say nothing.
/// </summary>
internal sealed class HarmBudget(World world)
{
    /// <summary>Whether the cluster survives that this node loses its directory or never comes back.</summary>
    internal bool MayLose(SimulatedNode node)
    {
        if (!Survives(world.Oracles.Committed.Configuration!, node.Id)) return false;
        foreach (var other in world.Nodes)
        {
            if (other.State == NodeState.Gone) continue;
            if (!Survives(other.Log.Ruling, node.Id) || !Survives(other.Disk.Durable.Log.Ruling, node.Id)) return false;
        }
        return true;
    }

    /// <summary>Whether enough sound voters would be left if this were the configuration.</summary>
    internal bool Survives(Configuration configuration, MemberId lost)
    {
        if (configuration.IsEmpty) return true;
        int voters = 0, sound = 0;
        foreach (var member in configuration.Members)
        {
            var isSound = member.Id != lost && IsSound(member.Id);
            // A learner may be given a vote before its leader hears what happened to it.
            if (member.Role != MemberRole.Voter && (isSound || member.Role == MemberRole.Leaving)) continue;
            voters++;
            if (isSound) sound++;
        }
        if (2 * sound <= voters) return false;
        sound = 0;
        foreach (var id in configuration.OutgoingVoters)
            if (id != lost && IsSound(id)) sound++;
        return configuration.OutgoingVoters.Length == 0 || 2 * sound > configuration.OutgoingVoters.Length;
    }

    /// <summary>A change of membership is somewhere under way, so nobody knows yet which voters will count.</summary>
    internal bool ChangeIsUnderWay()
    {
        var committed = world.Oracles.Committed;
        foreach (var node in world.Nodes)
        {
            if (node.State == NodeState.Gone) continue;
            if (node.Log.ConfigurationsAfter(committed.Last) > 0 || node.Disk.Durable.Log.ConfigurationsAfter(committed.Last) > 0)
                return true;
        }
        return committed.Configuration!.IsJoint || world.Operators.ChangesAsked > world.Now;
    }

    /// <summary>A directory that no configuration names has promised nothing to anyone.</summary>
    internal bool IsMember(MemberId id)
    {
        foreach (var node in world.Nodes)
            if (node.Log.Ruling.Find(id) is not null || node.Disk.Durable.Log.Ruling.Find(id) is not null) return true;
        return false;
    }

    internal bool IsSound(MemberId id)
    {
        var slot = (int)id.Value - 1;
        if (slot >= world.Nodes.Count) return false;
        var node = world.Nodes[slot];
        return node.Harm == Harm.None && node.State is (NodeState.Up or NodeState.Down);
    }
}

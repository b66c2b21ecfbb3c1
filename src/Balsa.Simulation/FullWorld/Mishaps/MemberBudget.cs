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
        if (ChangeIsUnderWay()) return false;
        if (!SurvivesPromotion(world.Judges.History.Configuration!, node.Id)) return false;
        foreach (var other in world.Nodes)
            if (other.State != NodeState.Gone && !SurvivesPromotion(other.Truth.Written.Ruling, node.Id)) return false;
        return true;
    }

    /// <summary>
    /// A leader promotes by itself, and may do so before it hears that the learner has just been lost: then the lost one is among
    /// the voters.
    /// </summary>
    private bool SurvivesPromotion(Configuration configuration, MemberId lost)
    {
        if (!Survives(configuration, lost)) return false;
        int voters = 0, sound = 0;
        foreach (var member in configuration.Members)
        {
            var isSound = member.Id != lost && IsSound(member.Id);
            if (member.Role == MemberRole.Voter && isSound) sound++;
            if (member.Role == MemberRole.Voter || (member.Role == MemberRole.PromotingLearner && !isSound)) voters++;
        }

        return configuration.IsEmpty || 2 * sound > voters;
    }

    /// <summary>A directory that no configuration names has promised nothing to anyone.</summary>
    internal bool IsMember(MemberId id) => world.Judges.History.Configuration!.Find(id) is not null;

    /// <summary>A change of membership is somewhere under way, so nobody knows yet which voters will count.</summary>
    private bool ChangeIsUnderWay()
    {
        var history = world.Judges.History;
        foreach (var node in world.Nodes)
            if (node.State != NodeState.Gone && node.Truth.Written.ConfigurationsAfter(history.Last) > 0) return true;
        return history.Configuration!.IsJoint || world.Operators.HasAsked;
    }

    /// <summary>Whether enough sound voters would be left if this were the configuration.</summary>
    internal bool Survives(Configuration configuration, MemberId lost) =>
        configuration.IsEmpty || NaiveQuorum.Agrees(configuration, id => id != lost && IsSound(id));

    internal bool IsSound(MemberId id) =>
        world.NodeOf(id) is { Harm: Harm.None, State: NodeState.Up or NodeState.Down };
}

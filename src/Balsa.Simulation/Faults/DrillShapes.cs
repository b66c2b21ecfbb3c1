using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Faults;

/// <summary>Who stands on which side of a drill, and which links that cuts; the same in either world.</summary>
internal static class DrillShapes
{
    internal static List<MemberId> Voters(Configuration configuration)
    {
        var voters = new List<MemberId>();
        foreach (var member in configuration.Members)
            if (member.Role == MemberRole.Voter) voters.Add(member.Id);
        return voters;
    }

    internal static bool HasLearners(Configuration configuration)
    {
        foreach (var member in configuration.Members)
            if (member.Role is MemberRole.Learner or MemberRole.PromotingLearner) return true;
        return false;
    }

    /// <summary>
    /// The many who are cut off from the leader, and what it asks for, so that it may rule with the few who are left to it. False
    /// where that cannot be.
    /// </summary>
    internal static bool TryJoint(
        Configuration configuration, MemberId leader, Predicate<MemberId> isSound, Dice dice,
        out List<MemberId> far, out ConfigurationChange[] changes)
    {
        var voters = Voters(configuration);
        (far, changes) = (voters.FindAll(id => id != leader), []);
        if (configuration.IsJoint || voters.Count < 3 || !voters.TrueForAll(isSound)) return false;
        var many = voters.Count / 2 + 1;
        var kept = dice.Below(far.Count);
        while (far.Count > many) far.RemoveAt(kept % far.Count);
        changes = [.. far[Math.Max(0, voters.Count - many - 1)..].Select(id => ConfigurationChange.Of(ChangeKind.Demote, id))];
        return true;
    }

    /// <summary>Both ways between these and all others.</summary>
    internal static List<(int From, int To)> Apart(List<MemberId> far, int nodes)
    {
        var cuts = new List<(int From, int To)>();
        foreach (var id in far)
        {
            var slot = (int)id.Value - 1;
            for (var other = 0; other < nodes; other++)
            {
                if (far.Contains(new MemberId((ulong)other + 1))) continue;
                cuts.Add((slot, other));
                cuts.Add((other, slot));
            }
        }

        return cuts;
    }

    /// <summary>It still speaks, but hears nobody.</summary>
    internal static List<(int From, int To)> Deaf(int slot, int nodes)
    {
        var cuts = new List<(int From, int To)>();
        for (var other = 0; other < nodes; other++)
            if (other != slot) cuts.Add((other, slot));
        return cuts;
    }
}

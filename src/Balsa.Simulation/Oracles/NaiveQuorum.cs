using Balsa.Raft.Identity;
using Balsa.Raft.Membership;

namespace Balsa.Simulation.Oracles;

/// <summary>Majorities counted the slow and obvious way, without the code under test.</summary>
internal static class NaiveQuorum
{
    internal static bool Agrees(Configuration configuration, Func<MemberId, bool> says)
    {
        int voters = 0, yes = 0;
        foreach (var member in configuration.Members)
        {
            if (member.Role != MemberRole.Voter) continue;
            voters++;
            if (says(member.Id)) yes++;
        }
        if (2 * yes <= voters) return false;
        if (configuration.OutgoingVoters.Length == 0) return true;
        var outgoingYes = 0;
        foreach (var id in configuration.OutgoingVoters)
            if (says(id)) outgoingYes++;
        return 2 * outgoingYes > configuration.OutgoingVoters.Length;
    }

    /// <summary>Whether every quorum of one shares a member with every quorum of the other.</summary>
    internal static bool AlwaysOverlap(Configuration a, Configuration b)
    {
        var ids = new List<MemberId>();
        foreach (var member in a.Members) ids.Add(member.Id);
        foreach (var member in b.Members)
            if (!ids.Contains(member.Id)) ids.Add(member.Id);
        for (var set = 0UL; set < 1UL << ids.Count; set++)
        {
            var chosen = set;
            if (Agrees(a, id => (chosen >> ids.IndexOf(id) & 1) != 0) && Agrees(b, id => (chosen >> ids.IndexOf(id) & 1) == 0))
                return false;
        }
        return true;
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Faults;

/// <summary>What operators of either world draw and look at before they ask for a change of members.</summary>
internal static class MemberDraws
{
    /// <summary>One of a role; none when there is none.</summary>
    internal static MemberId Pick(Configuration configuration, MemberRole role, Dice dice)
    {
        var (picked, seen) = (MemberId.None, 0);
        foreach (var member in configuration.Members)
            if (member.Role == role && dice.Below(++seen) == 0) picked = member.Id;
        return picked;
    }

    internal static MemberId PickAny(Configuration configuration, Dice dice) =>
        configuration.Members.Length == 0 ? MemberId.None : configuration.Members[dice.Below(configuration.Members.Length)].Id;

    internal static ConfigurationChange Settings(Dice dice) =>
        new() { Kind = ChangeKind.SetSettings, Settings = new ClusterSettings(dice.Chance(400), dice.Chance(600)) };

    /// <summary>Sound voters must stay the majority also of the smaller cluster.</summary>
    internal static bool MayDoWithout(Configuration configuration, MemberId id, Func<MemberId, bool> isSound)
    {
        int voters = 0, sound = 0;
        foreach (var member in configuration.Members)
        {
            if (member.Role != MemberRole.Voter || member.Id == id) continue;
            voters++;
            if (isSound(member.Id)) sound++;
        }

        return voters > 0 && 2 * sound > voters;
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal.Recovering;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Opening;

/// <summary>Whether a member may start after damage: when others can give back what is lost, or the operator gives it up.</summary>
internal static class DamageVerdict
{
    /// <exception cref="StorageException">It may not, and what to do.</exception>
    internal static void Judge(
        OpeningOptions options, DirectoryIdentity owner, LogState state, LogDamage damage, IEnumerable<Configuration> spokenOf)
    {
        if (state.Base.Index == LogIndex.Zero && state.BaseConfiguration.Members.IsEmpty) state.Found(options.Founding);
        var where = $"{Path.Combine(options.Path, DirectoryNames.Log, damage.File)} is damaged at byte {damage.Offset} ({damage.What})";
        // Any of them may be in force, for what came last may be among what is lost.
        var configurations = spokenOf.Append(state.BaseConfiguration).ToList();
        if (configurations.TrueForAll(configuration => configuration.Members.IsEmpty))
        {
            throw new StorageException(
                $"{where}, and who the members are is lost with it. Restore the directory from a copy, or replace this member.");
        }

        var othersCanHelp = configurations.Exists(configuration => HasOtherVoter(configuration, owner.Member));
        if (othersCanHelp && options.AcceptLoss)
        {
            throw new StorageException(
                $"{where}, and other members have what is lost. Start this member: it fetches the rest from them.");
        }

        if (!othersCanHelp && !options.AcceptLoss)
        {
            throw new StorageException(
                $"{where}: entries from {state.Lost!.First} on are lost, and no other member has them. Restore the directory from a "
                + $"copy, or accept the loss with `balsa doctor data {options.Path} --accept-loss`.");
        }

        if (options.AcceptLoss) state.AcceptLoss();
    }

    internal static bool HasOtherVoter(Configuration configuration, MemberId self)
    {
        foreach (var voter in configuration.OutgoingVoters)
            if (voter != self) return true;
        foreach (var member in configuration.Members)
            if (member.Role == MemberRole.Voter && member.Id != self) return true;
        return false;
    }
}

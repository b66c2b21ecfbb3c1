using Balsa.Raft.Core;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;

namespace Balsa.Raft.Messages;

/// <summary>
/// Everything that comes from outside is looked at once, here, before it can change anything. Behind the gate entries
/// have no gaps, their terms never fall, none is above the leader's, and every number is in range.
/// </summary>
internal static class MessageGate
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal Rejection CheckSender(in Origin origin, in Message message)
        {
            if (origin.Group != core.Options.Group) return Rejection.WrongGroup;
            if (message.To != core.Self) return Rejection.NotForThisMember;
            if (origin.Member.IsNone || origin.Member == core.Self) return Rejection.ImpossibleSender;
            var slot = core.Roster.SlotOf(origin.Member);
            if (slot < 0) return Rejection.None;
            var known = core.Roster.IncarnationOf(slot);
            var isAnother = !known.IsNotStarted && known != origin.Incarnation && !LeadsUs(message.Kind);
            if (isAnother && !core.Probe.Plants(Mutant.WipedMemberAccepted))
            {
                core.Probe.Hit(Mark.WrongIncarnationRefused);
                return Rejection.WrongIncarnation;
            }
            var seen = core.BootsSeen[slot];
            if (seen.Directory == origin.Incarnation && origin.Boot < seen.Highest)
            {
                core.Probe.Hit(Mark.StaleBootIgnored);
                return Rejection.StaleBoot;
            }
            core.BootsSeen[slot] = (origin.Incarnation, origin.Boot);
            return Rejection.None;
        }

        internal Rejection CheckContent(
            in Message message, ReadOnlySpan<EntryRef> entries, ReadOnlySpan<Configuration> configurations)
        {
            if (message.Kind is < MessageKind.PreVote or > MessageKind.ReadIndexResponse) return Rejection.UnknownKind;
            if (message.Term > Term.Max || message.Log.Term > message.Term) return Rejection.TermOutOfRange;
            if (message.Log.Index > LogIndex.Max || message.Commit > LogIndex.Max || message.Match > LogIndex.Max
                || message.Session > LogIndex.Max)
                return Rejection.IndexOutOfRange;
            if (entries.IsEmpty) return configurations.IsEmpty ? Rejection.None : Rejection.UnexpectedEntries;
            if (message.Kind != MessageKind.Append) return Rejection.UnexpectedEntries;
            return CheckEntries(message, entries, configurations, core.Options.EntryBytesMax);
        }
    }

    /// <summary>
    /// A leader speaks with the authority of a quorum of votes; a follower whose configuration lags must not refuse it.
    /// </summary>
    private static bool LeadsUs(MessageKind kind) =>
        kind is MessageKind.Append or MessageKind.Heartbeat or MessageKind.SnapshotOffer or MessageKind.TimeoutNow;

    private static Rejection CheckEntries(
        in Message message, ReadOnlySpan<EntryRef> entries, ReadOnlySpan<Configuration> configurations, int bytesMax)
    {
        var previous = message.Log;
        var configurationsSeen = 0;
        foreach (ref readonly var entry in entries)
        {
            if (entry.Id.Index != previous.Index.Next || entry.Id.Term < previous.Term || entry.Id.Term > message.Term)
                return Rejection.MalformedEntries;
            if (entry.Kind is < EntryKind.Noop or > EntryKind.Configuration) return Rejection.MalformedEntries;
            if (entry.Kind == EntryKind.Configuration && configurationsSeen++ == configurations.Length) return Rejection.MalformedEntries;
            if (entry.Length > bytesMax && entry.Kind == EntryKind.Data) return Rejection.EntryTooLarge;
            previous = entry.Id;
        }
        if (configurationsSeen != configurations.Length || previous.Index > LogIndex.Max) return Rejection.MalformedEntries;
        foreach (var configuration in configurations)
            if (ConfigurationRules.Check(configuration) != ConfigurationError.None) return Rejection.MalformedEntries;
        return Rejection.None;
    }
}

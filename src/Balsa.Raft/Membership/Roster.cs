using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Quorum;

namespace Balsa.Raft.Membership;

/// <summary>
/// The ruling configuration as slots and masks. A member keeps its slot for as long as it belongs; a slot given up is
/// reported, so that votes and progress kept by slot are dropped with it.
/// </summary>
internal sealed class Roster
{
    private readonly MemberId[] _ids = new MemberId[SlotMask.SlotsMax];
    private readonly LogIndex[] _sessions = new LogIndex[SlotMask.SlotsMax];
    private readonly Incarnation[] _incarnations = new Incarnation[SlotMask.SlotsMax];
    private int _slotsUsed;

    internal SlotMask All { get; private set; }

    internal SlotMask Learners { get; private set; }

    internal JointQuorum Quorum { get; private set; }

    internal MemberId IdOf(int slot) => _ids[slot];

    internal LogIndex SessionOf(int slot) => _sessions[slot];

    internal Incarnation IncarnationOf(int slot) => _incarnations[slot];

    /// <summary>The member's slot, or -1. A scan: for the few members of a cluster it beats any table.</summary>
    internal int SlotOf(MemberId id)
    {
        for (var slot = 0; slot < _slotsUsed; slot++)
            if (_ids[slot] == id && All.Contains(slot)) return slot;
        return -1;
    }

    internal bool IsVoter(MemberId id) => SlotOf(id) is >= 0 and var slot && Quorum.Voters.Contains(slot);

    /// <summary>Adopts the configuration; the answer holds the slots whose member is new or joined anew.</summary>
    internal SlotMask Adopt(Configuration configuration)
    {
        SlotMask kept = default, incoming = default, outgoing = default, learners = default, fresh = default;
        foreach (var member in configuration.Members)
            if (SlotOf(member.Id) is >= 0 and var slot && _sessions[slot] == member.AddedAt) kept = kept.With(slot);
        foreach (var member in configuration.Members)
        {
            var slot = SlotOf(member.Id);
            if (slot < 0 || !kept.Contains(slot))
            {
                slot = FirstFree(kept | fresh);
                fresh = fresh.With(slot);
            }
            if (member.Role == MemberRole.Voter) incoming = incoming.With(slot);
            if (configuration.OutgoingVoters.Contains(member.Id)) outgoing = outgoing.With(slot);
            if (member.Role is MemberRole.Learner or MemberRole.PromotingLearner) learners = learners.With(slot);
            Seat(slot, member);
        }
        All = kept | fresh;
        Quorum = new JointQuorum(incoming, outgoing);
        Learners = new SlotMask(learners.Bits & ~outgoing.Bits);
        return fresh;
    }

    private void Seat(int slot, Member member)
    {
        (_ids[slot], _sessions[slot], _incarnations[slot]) = (member.Id, member.AddedAt, member.Incarnation);
        _slotsUsed = Math.Max(_slotsUsed, slot + 1);
    }

    private static int FirstFree(SlotMask taken) => System.Numerics.BitOperations.TrailingZeroCount(~taken.Bits);
}

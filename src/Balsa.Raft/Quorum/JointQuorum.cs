namespace Balsa.Raft.Quorum;

/// <summary>
/// Who must agree: a majority of the incoming voters and, while a membership change is under way, a majority of the
/// outgoing ones as well (dissertation, 4.3).
/// </summary>
public readonly record struct JointQuorum(SlotMask Incoming, SlotMask Outgoing)
{
    public bool IsJoint => !Outgoing.IsEmpty;

    public SlotMask Voters => Incoming | Outgoing;

    public bool IsReachedBy(SlotMask yes) =>
        MajorityQuorum.IsReachedBy(Incoming, yes) && (Outgoing.IsEmpty || MajorityQuorum.IsReachedBy(Outgoing, yes));

    public bool IsLostBy(SlotMask no) =>
        MajorityQuorum.IsLostBy(Incoming, no) || (!Outgoing.IsEmpty && MajorityQuorum.IsLostBy(Outgoing, no));

    public ulong HighestReached(ReadOnlySpan<ulong> bySlot)
    {
        var incoming = MajorityQuorum.HighestReached(Incoming, bySlot);
        return Outgoing.IsEmpty ? incoming : Math.Min(incoming, MajorityQuorum.HighestReached(Outgoing, bySlot));
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Membership;

/// <summary>What a member may do. The values are in the log: never renumber. 0 is no role.</summary>
public enum MemberRole : byte
{
    /// <summary>Votes and counts.</summary>
    Voter = 1,

    /// <summary>Receives the log and counts towards nothing.</summary>
    Learner = 2,

    /// <summary>A learner that the leader makes a voter as soon as it has started and caught up.</summary>
    PromotingLearner = 3,

    /// <summary>Only during a joint configuration: still a voter of the outgoing half, gone afterwards.</summary>
    Leaving = 4,
}

/// <summary>One member as the configuration describes it. Changing name or addresses changes neither quorum nor session.</summary>
public sealed record Member
{
    public required MemberId Id { get; init; }

    /// <summary>The data directory it was bound to when it first joined, or not started.</summary>
    public Incarnation Incarnation { get; init; }

    public required MemberRole Role { get; init; }

    public string Name { get; init; } = "";

    public string PeerUrls { get; init; } = "";

    public string ClientUrls { get; init; } = "";

    /// <summary>The configuration entry that added it: names its replication session.</summary>
    public LogIndex AddedAt { get; init; }

    public override string ToString() => $"{Id} {Role}";
}

using Balsa.Raft;

namespace Balsa.Adapters.Nodes;

/// <summary>What a member believes, in the words of the cluster.</summary>
public sealed record NodeReport
{
    public required string Name { get; init; }

    public required Role Role { get; init; }

    public required ulong Term { get; init; }

    /// <summary>Whom it voted for in this term; null for nobody.</summary>
    public required string? VotedFor { get; init; }

    /// <summary>Null when it knows of none.</summary>
    public required string? Leader { get; init; }

    public required ulong LastIndex { get; init; }

    public required ulong LastTerm { get; init; }

    public required ulong Commit { get; init; }

    public required ulong Applied { get; init; }

    public required IReadOnlyList<MemberReport> Members { get; init; }

    /// <summary>Of the members, how many have voted for it in the election that it stands in; 0 when it stands in none.</summary>
    public required int Votes { get; init; }

    /// <summary>Since a follower has heard of its leader; null on other members.</summary>
    public required double? LeaderSilentMs { get; init; }

    public required TimeSpan ElectionTimeout { get; init; }

    public required TimeSpan HeartbeatInterval { get; init; }

    public required bool PlaysDead { get; init; }

    public bool Leads => Role == Role.Leader && !PlaysDead;
}

/// <summary>One member, and what a leader knows of it; the last three are 0 or null where this member does not lead.</summary>
public sealed record MemberReport(ulong Id, string Name, bool IsVoter, ulong Match, ulong Next, double? SilentMs);

namespace Balsa.Server.Protocol;

/// <summary>A step of membership that a client asks for. The member is meant by id, by name, or by one of its peer URLs.</summary>
public sealed record MemberRequest
{
    public const string Add = "add", Promote = "promote", Remove = "remove", Update = "update", Replace = "replace", Settings = "settings";

    public required string Kind { get; init; }

    public ulong Id { get; init; }

    public string? Name { get; init; }

    public string? At { get; init; }

    /// <summary>Of an addition and of an update: what the member is called from now on.</summary>
    public string? NewName { get; init; }

    public string? PeerUrls { get; init; }

    public string? ClientUrls { get; init; }

    /// <summary>Of an addition: it shall not become a voter by itself.</summary>
    public bool AsLearner { get; init; }

    /// <summary>Of settings: whether the leader may serve reads from its lease.</summary>
    public bool LeaseReads { get; init; }

    /// <summary>Say what would happen, and do nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>A member passed it on; it goes no further.</summary>
    public bool Forwarded { get; init; }
}

/// <summary>What a step of membership does to the quorum.</summary>
/// <param name="Id">The member that is added, changed or removed.</param>
/// <param name="VotersAfter">When the step is over: members that are to vote as soon as they are level are among them.</param>
public sealed record MemberPlan(
    ulong Id, string Name, IReadOnlyList<string> VotersBefore, int QuorumBefore, IReadOnlyList<string> VotersAfter, int QuorumAfter);

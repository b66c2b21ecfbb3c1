using Balsa.Raft.Identity;

namespace Balsa.Raft.Membership;

public enum ChangeKind : byte
{
    /// <summary>Adds a member that receives the log and does not vote.</summary>
    AddLearner = 1,

    /// <summary>Adds a learner that becomes a voter by itself once it has started and is level.</summary>
    AddVoter,

    /// <summary>Makes a level learner a voter now.</summary>
    Promote,

    /// <summary>Makes a voter a learner.</summary>
    Demote,
    Remove,

    /// <summary>Changes name and addresses; quorum and session stay.</summary>
    Update,

    /// <summary>Replaces the cluster-wide settings.</summary>
    SetSettings,

    /// <summary>The leader's own: binds a learner to the data directory that answered first.</summary>
    BindIncarnation,

    /// <summary>The leader's own: every member understands this level now.</summary>
    RaiseFeatureLevel,
}

/// <summary>One step of a membership change; several can be asked for at once and take effect together.</summary>
public readonly record struct ConfigurationChange
{
    public required ChangeKind Kind { get; init; }

    public MemberId Member { get; init; }

    public Incarnation Incarnation { get; init; }

    public string? Name { get; init; }

    public string? PeerUrls { get; init; }

    public string? ClientUrls { get; init; }

    public ClusterSettings Settings { get; init; }

    public uint FeatureLevel { get; init; }

    public static ConfigurationChange Of(ChangeKind kind, MemberId member) => new() { Kind = kind, Member = member };
}

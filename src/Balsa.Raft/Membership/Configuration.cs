using Balsa.Raft.Identity;

namespace Balsa.Raft.Membership;

/// <summary>Settings that every member must agree on, so they are replicated with the membership.</summary>
/// <param name="AllowForcedCampaign">A controller may force elections; lease reads are quorum reads while it may.</param>
/// <param name="LeaseReads">The leader may answer reads from its lease instead of asking a quorum.</param>
public readonly record struct ClusterSettings(bool AllowForcedCampaign, bool LeaseReads);

/// <summary>
/// Who belongs to the cluster, as one immutable value. It takes effect when it is appended to the log, not when it is
/// committed, and is taken back when the entry is truncated.
/// </summary>
/// <remarks>
/// A change of voters goes through a joint configuration: <see cref="Members"/> then hold the roles of the incoming half
/// and <see cref="OutgoingVoters"/> the voters of the outgoing one. {1 2 3} replacing 3 by 4 is Members 1 2 4 voters and
/// 3 leaving, OutgoingVoters 1 2 3; the leader leaves it for {1 2 4} as soon as it is committed.
/// </remarks>
public sealed class Configuration
{
    private readonly Member[] _members;
    private readonly MemberId[] _outgoingVoters;
    private readonly MemberId[] _removed;

    internal Configuration(
        IEnumerable<Member> members, IEnumerable<MemberId> outgoingVoters, IEnumerable<MemberId> removed,
        ClusterSettings settings, uint featureLevel)
    {
        _members = [.. members];
        _outgoingVoters = [.. outgoingVoters];
        _removed = [.. removed];
        Array.Sort(_members, (a, b) => a.Id.CompareTo(b.Id));
        Array.Sort(_outgoingVoters);
        Array.Sort(_removed);
        Settings = settings;
        FeatureLevel = featureLevel;
    }

    /// <summary>In the order of their ids, whatever order they were given in.</summary>
    public ReadOnlySpan<Member> Members => _members;

    public ReadOnlySpan<MemberId> OutgoingVoters => _outgoingVoters;

    /// <summary>Everyone who ever left. An id is not given twice.</summary>
    public ReadOnlySpan<MemberId> Removed => _removed;

    public ClusterSettings Settings { get; }

    /// <summary>What every member is known to understand; state machines branch on this and on nothing else.</summary>
    public uint FeatureLevel { get; }

    public bool IsJoint => _outgoingVoters.Length > 0;

    /// <summary>No members at all: this directory has not been told its cluster yet.</summary>
    public bool IsEmpty => _members.Length == 0;

    public static Configuration Empty { get; } = new([], [], [], default, 0);

    /// <summary>The configuration a cluster is founded with: checked, and complete from the first entry.</summary>
    public static Configuration Found(IEnumerable<Member> members, ClusterSettings settings = default, uint featureLevel = 1)
    {
        ArgumentNullException.ThrowIfNull(members);
        var configuration = new Configuration(members, [], [], settings, featureLevel);
        var error = ConfigurationRules.Check(configuration);
        return error == ConfigurationError.None ? configuration : throw new ImpossibleConfigurationException(error);
    }

    /// <summary>Voters with the ids given, all bound to a started incarnation: for tests, samples and simulations.</summary>
    public static Configuration OfVoters(params ReadOnlySpan<ulong> ids)
    {
        var members = new List<Member>();
        foreach (var id in ids)
            members.Add(new Member { Id = new(id), Incarnation = new(id), Role = MemberRole.Voter, Name = $"n{id}" });
        return Found(members);
    }

    public Member? Find(MemberId id)
    {
        foreach (var member in _members)
            if (member.Id == id) return member;
        return null;
    }

    public bool IsVoter(MemberId id) => Find(id)?.Role == MemberRole.Voter || _outgoingVoters.AsSpan().Contains(id);

    public bool WasRemoved(MemberId id) => _removed.AsSpan().Contains(id);

    public override string ToString()
    {
        var text = string.Join(' ', Array.ConvertAll(_members, m => m.Role == MemberRole.Voter ? $"{m.Id}" : $"{m.Id}({m.Role})"));
        return IsJoint ? $"{text} / outgoing {string.Join(' ', _outgoingVoters)}" : text;
    }
}

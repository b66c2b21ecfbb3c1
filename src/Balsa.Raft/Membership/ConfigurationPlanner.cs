using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Membership;

/// <summary>
/// Turns "this configuration, these changes" into the next configuration. When the voters stay the same the result takes
/// effect at once; otherwise it is joint, and <see cref="Leave"/> makes the one that follows.
/// </summary>
public static class ConfigurationPlanner
{
    public static ConfigurationError TryPlan(
        Configuration current, ReadOnlySpan<ConfigurationChange> changes, LogIndex at, bool reuseRemovedIds,
        out Configuration next)
    {
        ArgumentNullException.ThrowIfNull(current);
        next = current;
        if (changes.IsEmpty) return ConfigurationError.NoChange;
        var draft = new Draft(current, at, reuseRemovedIds);
        foreach (ref readonly var change in changes)
        {
            var error = draft.Apply(change);
            if (error != ConfigurationError.None) return error;
        }
        var planned = draft.Finish();
        var broken = ConfigurationRules.Check(planned);
        if (broken == ConfigurationError.None) next = planned;
        return broken;
    }

    /// <summary>The configuration after the joint one: outgoing voters forgotten, leaving members gone and remembered.</summary>
    public static Configuration Leave(Configuration joint)
    {
        ArgumentNullException.ThrowIfNull(joint);
        Invariant.Check(joint.IsJoint);
        var staying = new List<Member>();
        var removed = new List<MemberId>(joint.Removed.ToArray());
        foreach (var member in joint.Members)
            if (member.Role == MemberRole.Leaving) removed.Add(member.Id); else staying.Add(member);
        return new Configuration(staying, [], removed, joint.Settings, joint.FeatureLevel);
    }

    private sealed class Draft(Configuration current, LogIndex at, bool reuseRemovedIds)
    {
        private readonly List<Member> _members = [.. current.Members];
        private readonly List<MemberId> _removed = [.. current.Removed];
        private ClusterSettings _settings = current.Settings;
        private uint _featureLevel = current.FeatureLevel;

        internal ConfigurationError Apply(in ConfigurationChange change)
        {
            switch (change.Kind)
            {
                case ChangeKind.SetSettings: _settings = change.Settings; return ConfigurationError.None;
                case ChangeKind.RaiseFeatureLevel: _featureLevel = change.FeatureLevel; return ConfigurationError.None;
                case ChangeKind.AddLearner: return Add(change, MemberRole.Learner);
                case ChangeKind.AddVoter: return Add(change, MemberRole.PromotingLearner);
                default: return ApplyToMember(change);
            }
        }

        /// <summary>Voters that change make the result joint; members that leave as voters stay until it is left.</summary>
        internal Configuration Finish()
        {
            var before = VotersOf([.. current.Members]);
            var after = VotersOf(_members);
            if (!before.AsSpan().SequenceEqual(after)) return new Configuration(_members, before, _removed, _settings, _featureLevel);
            return new Configuration(_members, [], _removed, _settings, _featureLevel);
        }

        private static MemberId[] VotersOf(List<Member> members)
        {
            var voters = members.FindAll(m => m.Role == MemberRole.Voter).ConvertAll(m => m.Id);
            voters.Sort();
            return [.. voters];
        }

        private ConfigurationError Add(in ConfigurationChange change, MemberRole role)
        {
            if (change.Member.IsNone) return ConfigurationError.ZeroId;
            if (IndexOf(change.Member) >= 0) return ConfigurationError.AlreadyMember;
            if (_removed.Contains(change.Member))
            {
                if (!reuseRemovedIds) return ConfigurationError.IdWasRemoved;
                _removed.Remove(change.Member);
            }
            _members.Add(new Member
            {
                Id = change.Member, Incarnation = change.Incarnation, Role = role, Name = change.Name ?? "",
                PeerUrls = change.PeerUrls ?? "", ClientUrls = change.ClientUrls ?? "", AddedAt = at,
            });
            return ConfigurationError.None;
        }

        private ConfigurationError ApplyToMember(in ConfigurationChange change)
        {
            var i = IndexOf(change.Member);
            if (i < 0) return ConfigurationError.NotAMember;
            var member = _members[i];
            switch (change.Kind)
            {
                case ChangeKind.Promote:
                    if (member.Role == MemberRole.Voter) return ConfigurationError.AlreadyVoter;
                    _members[i] = member with { Role = MemberRole.Voter };
                    return ConfigurationError.None;
                case ChangeKind.Demote:
                    if (member.Role != MemberRole.Voter) return ConfigurationError.AlreadyLearner;
                    _members[i] = member with { Role = MemberRole.Learner };
                    return ConfigurationError.None;
                case ChangeKind.Remove:
                    return Remove(i);
                case ChangeKind.Update:
                    _members[i] = member with
                    {
                        Name = change.Name ?? member.Name, PeerUrls = change.PeerUrls ?? member.PeerUrls,
                        ClientUrls = change.ClientUrls ?? member.ClientUrls,
                    };
                    return ConfigurationError.None;
                case ChangeKind.BindIncarnation:
                    _members[i] = member with { Incarnation = change.Incarnation };
                    return ConfigurationError.None;
                default:
                    return ConfigurationError.UnknownChange;
            }
        }

        private ConfigurationError Remove(int i)
        {
            var member = _members[i];
            if (current.IsVoter(member.Id))
            {
                _members[i] = member with { Role = MemberRole.Leaving };
                return ConfigurationError.None;
            }
            _members.RemoveAt(i);
            _removed.Add(member.Id);
            return ConfigurationError.None;
        }

        private int IndexOf(MemberId id) => _members.FindIndex(m => m.Id == id);
    }
}

using Balsa.Node.Founding;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Replica;
using Balsa.Server.Protocol;
using Balsa.Transport.Tcp;

namespace Balsa.Server.Members;

/// <summary>
/// Decides on the leader what a request about members changes, and refuses what could leave the cluster without a quorum. It only
/// computes.
/// </summary>
/// <param name="aliveWithin">A member that was heard of within this many ticks is taken for alive.</param>
internal sealed class MemberPlanner(ReplicaStatus status, MemberId self, long aliveWithin)
{
    private Configuration Current => status.Configuration;

    internal MemberStep Plan(MemberRequest request)
    {
        if (request.Kind == MemberRequest.Add) return PlanAddition(request);
        if (request.Kind == MemberRequest.Settings) return PlanSettings(request);
        if (Find(request) is not { } member)
        {
            var names = string.Join(", ", Members().Select(one => one.Name.Length > 0 ? one.Name : one.Id.ToString()));
            return MemberStep.Refuse(ClientError.NoSuchMember, $"there is no such member; there are {names}");
        }

        return request.Kind switch
        {
            MemberRequest.Promote when !IsLearner(member) =>
                MemberStep.Refuse(ClientError.NoLearner, $"{Called(member)} is no learner, so there is nothing to promote"),
            MemberRequest.Promote when member.Incarnation.IsNotStarted =>
                MemberStep.Refuse(ClientError.NotLevel, $"{Called(member)} has not started yet"),
            MemberRequest.Promote => Finish(member, ConfigurationChange.Of(ChangeKind.Promote, member.Id)),
            MemberRequest.Remove => WhyNotWithout(member) ?? Finish(member, ConfigurationChange.Of(ChangeKind.Remove, member.Id)),
            MemberRequest.Update => PlanUpdate(request, member),
            MemberRequest.Replace => PlanReplacement(request, member),
            _ => MemberStep.Refuse(ClientError.Malformed, $"nobody knows how to \"{request.Kind}\" a member"),
        };
    }

    private MemberStep PlanAddition(MemberRequest request)
    {
        if (WhyNotAt(request.PeerUrls, MemberId.None) is { } refusal) return refusal;
        var voters = Members().Where(IsVoter).ToList();
        var coming = Members().Count(member => member.Role == MemberRole.PromotingLearner);
        // A member that never starts would count for nothing and be counted all the same, if it became a voter; one at a time is fine.
        if (!request.AsLearner && voters.Count > 1 && voters.Count(IsAlive) < (voters.Count + coming + 1) / 2 + 1)
        {
            return MemberStep.Refuse(
                ClientError.UnsafeChange,
                $"of {voters.Count} voters {voters.Count(IsAlive)} answer, and with {coming + 1} more a quorum would be "
                + $"{(voters.Count + coming + 1) / 2 + 1}; start what was added before, or remove what is gone");
        }

        var added = Addition(request.AsLearner, request.NewName ?? "", request.PeerUrls!);
        return Finish(new Member { Id = added.Member, Role = MemberRole.Learner, Name = added.Name! }, added);
    }

    private MemberStep PlanSettings(MemberRequest request) => Finish(new Member { Id = self, Role = MemberRole.Voter, Name = "" },
        new ConfigurationChange
        {
            Kind = ChangeKind.SetSettings, Settings = Current.Settings with { LeaseReads = request.LeaseReads },
        });

    private MemberStep PlanUpdate(MemberRequest request, Member member)
    {
        if (request.PeerUrls is not null && WhyNotAt(request.PeerUrls, member.Id) is { } refusal) return refusal;
        return Finish(member, ConfigurationChange.Of(ChangeKind.Update, member.Id) with
        {
            Name = request.NewName, PeerUrls = request.PeerUrls, ClientUrls = request.ClientUrls,
        });
    }

    private MemberStep PlanReplacement(MemberRequest request, Member member)
    {
        var urls = request.PeerUrls ?? member.PeerUrls;
        if ((WhyNotAt(urls, member.Id) ?? WhyNotWithout(member)) is { } refusal) return refusal;
        if (IsAlive(member) && FoundingPeer.Meet(urls, member.PeerUrls))
        {
            return MemberStep.Refuse(
                ClientError.UnsafeChange, $"{Called(member)} answers at {member.PeerUrls}; stop it, or give its successor other peer URLs");
        }

        var added = Addition(member.Role == MemberRole.Learner, member.Name, urls);
        var successor = member with { Id = added.Member };
        return Finish(successor, ConfigurationChange.Of(ChangeKind.Remove, member.Id), added);
    }

    private MemberStep Finish(Member member, params ConfigurationChange[] changes)
    {
        var error = ConfigurationPlanner.TryPlan(Current, changes, status.Last.Index.Next, reuseRemovedIds: false, out var next);
        if (error != ConfigurationError.None) return MemberStep.Refuse(ClientError.NotPossible, ConfigurationRules.Explain(error));
        if (next.IsJoint) next = ConfigurationPlanner.Leave(next);
        var (before, after) = (Voters(Current, withComing: false), Voters(next, withComing: true));
        return new MemberStep
        {
            Member = member.Id, Changes = changes,
            Plan = new MemberPlan(member.Id.Value, member.Name, before, before.Count / 2 + 1, after, after.Count / 2 + 1),
        };
    }

    private ConfigurationChange Addition(bool asLearner, string name, string peerUrls)
    {
        ulong highest = 0;
        foreach (var member in Current.Members) highest = Math.Max(highest, member.Id.Value);
        foreach (var id in Current.Removed) highest = Math.Max(highest, id.Value);
        return ConfigurationChange.Of(asLearner ? ChangeKind.AddLearner : ChangeKind.AddVoter, new MemberId(highest + 1)) with
        {
            Name = name, PeerUrls = peerUrls,
        };
    }

    /// <summary>Why the cluster must not go on without the member; null when it may.</summary>
    private MemberStep? WhyNotWithout(Member member)
    {
        if (!IsVoter(member)) return null;
        var rest = Members().Where(one => IsVoter(one) && one.Id != member.Id).ToList();
        if (rest.Count == 0)
            return MemberStep.Refuse(ClientError.UnsafeChange, $"{Called(member)} is the last voter; without it nothing could be written");
        var alive = rest.Count(IsAlive);
        var quorum = rest.Count / 2 + 1;
        return alive >= quorum ? null : MemberStep.Refuse(
            ClientError.UnsafeChange,
            $"without {Called(member)} a quorum is {quorum} of {rest.Count} voters, and {alive} of them answer: nothing could be written");
    }

    private MemberStep? WhyNotAt(string? urls, MemberId except)
    {
        if (!PeerUrls.TryParse(urls ?? "", out _, out var problem)) return MemberStep.Refuse(ClientError.BadUrls, problem);
        var taken = Members().FirstOrDefault(member => member.Id != except && FoundingPeer.Meet(member.PeerUrls, urls!));
        return taken is null ? null : MemberStep.Refuse(ClientError.UrlsTaken, $"{Called(taken)} has the address {taken.PeerUrls}");
    }

    private Member? Find(MemberRequest request) => Members().FirstOrDefault(member =>
        request.Id != 0 ? member.Id.Value == request.Id
        : request.At is not null ? FoundingPeer.Meet(member.PeerUrls, request.At)
        : request.Name is { Length: > 0 } name && member.Name == name);

    private bool IsAlive(Member member)
    {
        if (member.Id == self) return true;
        foreach (var peer in status.Peers)
            if (peer.Member == member.Id) return peer is { HeardAt: > 0, NotCounted: false } && status.Now - peer.HeardAt < aliveWithin;
        return false;
    }

    private Member[] Members() => Current.Members.ToArray();

    private static bool IsVoter(Member member) => member.Role == MemberRole.Voter;

    private static bool IsLearner(Member member) => member.Role is MemberRole.Learner or MemberRole.PromotingLearner;

    private static string Called(Member member) => member.Name.Length > 0 ? member.Name : $"member {member.Id.Value}";

    private static List<string> Voters(Configuration configuration, bool withComing) =>
        [.. configuration.Members.ToArray().Where(member => IsVoter(member) || (withComing && member.Role == MemberRole.PromotingLearner))
            .Select(Called)];
}

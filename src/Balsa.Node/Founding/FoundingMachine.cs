using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp;

namespace Balsa.Node.Founding;

/// <summary>
/// How members with empty directories become a cluster, without sockets, disks and time. The lowest peer by name founds, once every
/// peer has said that it is empty and means the same cluster; everyone else waits for the record. Whoever has a record keeps it.
/// </summary>
/// <remarks>
/// Its caller makes a note durable before it gives it to <see cref="Adopt"/>, and asks all peers before <see cref="Decide"/>.
/// </remarks>
public sealed class FoundingMachine(FoundingOptions options, FoundingNote note)
{
    /// <summary>A member that lags may not know yet that we were added, so one answer is not believed.</summary>
    private const int RoundsUntilRefused = 6;
    private readonly Dictionary<string, FoundingReply> _replies = new(StringComparer.Ordinal);
    private int _strangeRounds;

    public FoundingNote Note { get; private set; } = note;

    /// <summary>Everyone who is to be asked.</summary>
    public IEnumerable<FoundingPeer> Others => options.Peers.All.Where(peer => peer.Name != options.Name);

    private FoundingMember Self => new(options.Name, options.PeerUrls, options.ClientUrls, Note.Incarnation, options.FeatureLevel);

    public FoundingAsk Ask() => new(options.Token, options.Peers.Digest, Self, IsEmpty: true);

    public FoundingAnswer Answer(FoundingAsk asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var standing = Note.Record is not null ? FoundingStanding.Recorded
            : asked.Token != options.Token ? FoundingStanding.OtherToken
            : asked.PeersDigest != options.Peers.Digest ? FoundingStanding.OtherPeers : FoundingStanding.Agrees;
        var peers = standing == FoundingStanding.OtherToken ? options.Token : options.Peers.ToString();
        return new FoundingAnswer(
            standing, Note.Record?.Cluster ?? 0, options.Peers.Digest, FoundingDesk.Fitting(peers), Self)
        {
            Record = FoundingDesk.RecordFor(asked, Note),
        };
    }

    /// <summary>What the directory has to remember if the record is for it; null when it is not.</summary>
    public FoundingNote? Accept(FoundingRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (Note.Record is not null) return null;
        foreach (var member in record.Configuration.Members)
        {
            var isFounder = member.Incarnation == Note.Incarnation && record.Token == options.Token
                && record.PeersDigest == options.Peers.Digest;
            if (isFounder || (member.Incarnation.IsNotStarted && FoundingPeer.Meet(member.PeerUrls, options.PeerUrls)))
                return Note with { Record = record, Member = member.Id, IsFounder = isFounder };
        }

        return null;
    }

    /// <summary>The note is durable.</summary>
    public void Adopt(FoundingNote durable) => Note = durable;

    public void Hear(string peer, FoundingReply reply) => _replies[peer] = reply;

    /// <param name="cluster">A new id for the case that this member founds.</param>
    public FoundingDecision Decide(ulong cluster)
    {
        if (Note.Record is not null) return FoundingDecision.Ready;
        foreach (var reply in _replies.Values)
            if (reply.Answer?.Record is { } record && Accept(record) is { } accepted) return new FoundingDecision { Keep = accepted };

        if (_replies.Values.Any(reply => reply.Answer is { Standing: >= FoundingStanding.Recorded })) return DecideBesideCluster();
        _strangeRounds = 0;
        var waits = Others.Where(peer => !options.Without.Contains(peer.Name)).Select(WhyWait).OfType<string>().ToList();
        if (waits.Count > 0) return new FoundingDecision { Waits = waits };
        var lowest = options.Peers.All.First(peer => !options.Without.Contains(peer.Name));
        if (!options.MayFound)
            return FoundingDecision.WaitFor("none of the peers has a cluster, and --initial-cluster-state existing never founds one");
        if (lowest.Name != options.Name) return FoundingDecision.WaitFor($"{lowest.Name}, which founds the cluster");
        var founded = new FoundingRecord(options.Token, options.Peers.Digest, cluster, Found());
        return new FoundingDecision { Keep = Accept(founded), Founds = true };
    }

    /// <summary>The others have a cluster, and none of them has a place in it for us.</summary>
    private FoundingDecision DecideBesideCluster()
    {
        var (name, reply) = _replies.First(reply => reply.Value.Answer is { Standing: >= FoundingStanding.Recorded });
        var answer = reply.Answer!;
        var members = answer.Standing == FoundingStanding.Founded ? FoundingPeers.TryParse(answer.Peers, out _) : null;
        var place = members?.All.FirstOrDefault(member => FoundingPeer.Meet(member.Urls, options.PeerUrls));
        if (members is null) return FoundingDecision.WaitFor($"{name}, which is about to start cluster {answer.Cluster:x}");
        if (++_strangeRounds < RoundsUntilRefused)
            return FoundingDecision.WaitFor($"a place in cluster {answer.Cluster:x}, which {name} belongs to");
        return place is null
            ? new FoundingDecision { Refusal = FoundingRefusals.NoPlace(options, name, answer) }
            : new FoundingDecision
            {
                Refusal = FoundingRefusals.Wiped(options, place.Name, name, answer), WipedAt = answer.Answerer.ClientUrls,
            };
    }

    private string? WhyWait(FoundingPeer peer)
    {
        var where = $"{peer.Name} at {peer.Urls}";
        if (!_replies.TryGetValue(peer.Name, out var reply)) return $"{where}: it was not asked yet";
        if (reply.Answer is not { } answer) return $"{where}: {reply.Problem}";
        if (answer.Standing == FoundingStanding.OtherToken)
            return $"{where}: its --initial-cluster-token is \"{answer.Peers}\", ours is \"{options.Token}\"";
        if (answer.Standing == FoundingStanding.OtherPeers)
            return $"{where}: its --initial-cluster is {answer.Peers}, ours is {options.Peers}";
        return answer.Answerer.Name == peer.Name ? null : $"{where}: its --name is {answer.Answerer.Name}";
    }

    private Configuration Found()
    {
        var members = new List<Member>();
        foreach (var peer in options.Peers.All)
        {
            var said = peer.Name == options.Name ? Self : options.Without.Contains(peer.Name) ? null : _replies[peer.Name].Answer!.Answerer;
            members.Add(new Member
            {
                Id = new MemberId((ulong)members.Count + 1), Name = peer.Name, PeerUrls = peer.Urls, ClientUrls = said?.ClientUrls ?? "",
                Incarnation = said?.Incarnation ?? Incarnation.NotStarted,
                Role = said is null ? MemberRole.PromotingLearner : MemberRole.Voter,
            });
        }

        // At the first level, whatever all understand: the leader raises it in the log, where those who join later read of it, too.
        return Configuration.Found(members);
    }
}

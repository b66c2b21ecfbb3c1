using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Replica;
using Balsa.Transport.Codec.Parcels.Founding;

namespace Balsa.Node.Founding;

/// <summary>Answers the founding calls that come to a member of a cluster that runs: from peers that missed the founding, from members
/// that were added, and from those whose directory is gone.</summary>
public sealed class FoundingDesk(FoundingNote note, ulong cluster, MemberId member, uint featureLevel)
{
    /// <param name="status">Of this member; only what is committed is told, for an id that is taken back would bind a directory.</param>
    public FoundingAnswer? Answer(FoundingAsk asked, ReplicaStatus status)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(status);
        var configuration = status.Configuration;
        var peers = new List<string>();
        foreach (var one in configuration.Members)
            peers.AddRange(one.PeerUrls.Split(',').Select(url => $"{(one.Name.Length > 0 ? one.Name : one.Id)}={url}"));
        if (configuration.Find(member) is not { } self) return null;
        var answerer = new FoundingMember(self.Name, self.PeerUrls, self.ClientUrls, note.Incarnation, featureLevel);
        var record = RecordFor(asked, note);
        if (record is null && status.ConfigurationIndex <= status.Commit && HasPlace(configuration, asked.Asker.PeerUrls))
            record = new FoundingRecord(asked.Token, asked.PeersDigest, cluster, configuration);
        return new FoundingAnswer(FoundingStanding.Founded, cluster, 0, Fitting(string.Join(',', peers)), answerer) { Record = record };
    }

    /// <summary>The founding itself, for whoever took part in it; null for others.</summary>
    internal static FoundingRecord? RecordFor(FoundingAsk asked, FoundingNote note)
    {
        if (note is not { IsFounder: true, Record: { } record }) return null;
        if (record.Token != asked.Token || record.PeersDigest != asked.PeersDigest) return null;
        foreach (var member in record.Configuration.Members)
            if (member.Incarnation == asked.Asker.Incarnation) return record;
        return null;
    }

    /// <summary>Lists of peers have some hundred bytes; one that does not fit is cut, for it is shown to people only.</summary>
    internal static string Fitting(string peers) => peers.Length * 3 <= FoundingAnswer.PeersBytesMax ? peers
        : peers[..(FoundingAnswer.PeersBytesMax / 3)];

    private static bool HasPlace(Configuration configuration, string urls)
    {
        foreach (var member in configuration.Members)
            if (member.Incarnation.IsNotStarted && FoundingPeer.Meet(member.PeerUrls, urls)) return true;
        return false;
    }
}

namespace Balsa.Transport.Codec.Parcels.Founding;

/// <summary>How a peer stands to a founding. The values are on the wire: never renumber.</summary>
public enum FoundingStanding : byte
{
    /// <summary>Empty, with the same list and the same token.</summary>
    Agrees = 1,

    /// <summary>Empty, and would found with another token.</summary>
    OtherToken = 2,

    /// <summary>Empty, and has another list.</summary>
    OtherPeers = 3,

    /// <summary>Has made a founding record durable, and accepts no other.</summary>
    Recorded = 4,

    /// <summary>Is a member of a cluster that runs.</summary>
    Founded = 5,
}

/// <summary>The answer to an ask and to a record. A record was accepted when the answer is that it is recorded, with its cluster.</summary>
/// <param name="Cluster">The one that is recorded or founded; otherwise 0.</param>
/// <param name="Peers">The answering peer's own list, so that a difference can be shown to the operator; of a cluster that runs,
/// its members.</param>
public sealed record FoundingAnswer(
    FoundingStanding Standing, ulong Cluster, ulong PeersDigest, string Peers, FoundingMember Answerer) : Parcel
{
    /// <summary>For an asker that belongs to the cluster and has not started: what it needs to. Only when recorded or founded.</summary>
    public FoundingRecord? Record { get; init; }

    public const int PeersBytesMax = 16 * 1024;

    public override ParcelKind Kind => ParcelKind.FoundingAnswer;

    public override LinkPurpose Link => LinkPurpose.Founding;

    internal override long FieldBytes => 17 + ParcelWriter.TextBytes(Peers) + Answerer.FieldBytes + (Record?.FieldBytes ?? 0);

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Byte((byte)Standing);
        fields.Number(Cluster);
        fields.Number(PeersDigest);
        fields.Text(Peers, PeersBytesMax);
        Answerer.Write(ref fields);
        Record?.Write(ref fields);
    }

    internal static FoundingAnswer? Read(ref ParcelReader fields)
    {
        var (standing, cluster, digest) = ((FoundingStanding)fields.Byte(), fields.Number(), fields.Number());
        var read = new FoundingAnswer(standing, cluster, digest, fields.Text(PeersBytesMax), FoundingMember.Read(ref fields));
        if (standing is < FoundingStanding.Agrees or > FoundingStanding.Founded) return null;
        if (read.Answerer.Incarnation.IsNotStarted) return null;
        if (standing >= FoundingStanding.Recorded != (cluster != 0)) return null;
        if (fields.IsAtEnd) return read;
        return FoundingRecord.Read(ref fields) is { } record && record.Cluster == cluster ? read with { Record = record } : null;
    }
}

using Balsa.Raft.Membership;

namespace Balsa.Transport.Codec.Parcels.Founding;

/// <summary>The cluster as the lowest peer has founded it. Who makes it durable accepts no other.</summary>
/// <param name="Configuration">The members with their incarnations, complete from the first entry.</param>
public sealed record FoundingRecord(string Token, ulong PeersDigest, ulong Cluster, Configuration Configuration) : Parcel
{
    public override ParcelKind Kind => ParcelKind.FoundingRecord;

    public override LinkPurpose Link => LinkPurpose.Founding;

    internal override long FieldBytes => ParcelWriter.TextBytes(Token) + 16 + (long)ConfigurationCodec.Length(Configuration);

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Text(Token, FoundingAsk.TokenBytesMax);
        fields.Number(PeersDigest);
        fields.Number(Cluster);
        ConfigurationCodec.Write(Configuration, fields.Rest());
    }

    internal static FoundingRecord? Read(ref ParcelReader fields)
    {
        var (token, digest, cluster) = (fields.Text(FoundingAsk.TokenBytesMax), fields.Number(), fields.Number());
        if (!ConfigurationCodec.TryRead(fields.Rest(), out var configuration) || cluster == 0) return null;
        return new FoundingRecord(token, digest, cluster, configuration);
    }
}

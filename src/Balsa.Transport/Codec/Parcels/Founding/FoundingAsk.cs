namespace Balsa.Transport.Codec.Parcels.Founding;

/// <summary>Asks a listed peer whether it would found the same cluster.</summary>
/// <param name="Token">Tells two foundings on the same machines apart.</param>
/// <param name="PeersDigest">Of the list of peers, which must be the same on all of them.</param>
/// <param name="IsEmpty">The asker's directory holds nothing yet.</param>
public sealed record FoundingAsk(string Token, ulong PeersDigest, FoundingMember Asker, bool IsEmpty) : Parcel
{
    public const int TokenBytesMax = 256;

    public override ParcelKind Kind => ParcelKind.FoundingAsk;

    public override LinkPurpose Link => LinkPurpose.Founding;

    internal override long FieldBytes => ParcelWriter.TextBytes(Token) + 9 + Asker.FieldBytes;

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Text(Token, TokenBytesMax);
        fields.Number(PeersDigest);
        fields.Flag(IsEmpty);
        Asker.Write(ref fields);
    }

    internal static FoundingAsk? Read(ref ParcelReader fields)
    {
        var (token, digest, isEmpty) = (fields.Text(TokenBytesMax), fields.Number(), fields.Flag());
        var read = new FoundingAsk(token, digest, FoundingMember.Read(ref fields), isEmpty);
        return read.Asker.Incarnation.IsNotStarted ? null : read;
    }
}

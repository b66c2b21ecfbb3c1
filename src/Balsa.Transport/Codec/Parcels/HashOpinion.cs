using Balsa.Raft.Log;

namespace Balsa.Transport.Codec.Parcels;

/// <summary>What a member makes of its state at an index. Opinions are compared only at equal level and version.</summary>
public sealed record HashOpinion(LogIndex Index, uint FeatureLevel, uint HashVersion, ulong History, ulong Content) : Parcel
{
    public override ParcelKind Kind => ParcelKind.HashOpinion;

    public override LinkPurpose Link => LinkPurpose.Consensus;

    internal override long FieldBytes => 32;

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Number(Index.Value);
        fields.Word(FeatureLevel);
        fields.Word(HashVersion);
        fields.Number(History);
        fields.Number(Content);
    }

    internal static HashOpinion Read(ref ParcelReader fields) =>
        new(fields.Index(), fields.Word(), fields.Word(), fields.Number(), fields.Number());
}

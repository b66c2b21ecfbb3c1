namespace Balsa.Transport.Codec.Parcels;

/// <summary>What a parcel is. The values are on the wire: never renumber. 0 is no kind.</summary>
public enum ParcelKind : byte
{
    SnapshotOpen = 1,
    SnapshotHave = 2,
    SnapshotPiece = 3,
    SnapshotTaken = 4,
    Forward = 5,
    ForwardAnswer = 6,
    HashOpinion = 7,
    FoundingAsk = 8,
    FoundingAnswer = 9,
    FoundingRecord = 10,
}

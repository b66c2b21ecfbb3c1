using Balsa.Raft.Log;

namespace Balsa.Transport.Codec.Parcels.Snapshots;

/// <summary>The receiver's answer: so many bytes it has checked, and this checksum vouches for them. Nothing is 0 and 0.</summary>
public sealed record SnapshotHave(EntryId Snapshot, LogIndex Session, long Offset, uint Checksum) : Parcel
{
    public override ParcelKind Kind => ParcelKind.SnapshotHave;

    public override LinkPurpose Link => LinkPurpose.Bulk;

    internal override long FieldBytes => ParcelWriter.IdBytes + 20;

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Id(Snapshot);
        fields.Number(Session.Value);
        fields.Position(Offset);
        fields.Word(Checksum);
    }

    internal static SnapshotHave Read(ref ParcelReader fields) => new(fields.Id(), fields.Index(), fields.Position(), fields.Word());
}

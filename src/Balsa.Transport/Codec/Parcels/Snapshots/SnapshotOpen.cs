using Balsa.Raft.Log;

namespace Balsa.Transport.Codec.Parcels.Snapshots;

/// <summary>A sender has this snapshot for the receiver and asks what the receiver holds of it.</summary>
/// <param name="Session">The replication session that wants it; what belongs to another one is out of date.</param>
public sealed record SnapshotOpen(EntryId Snapshot, LogIndex Session, long FileBytes) : Parcel
{
    public override ParcelKind Kind => ParcelKind.SnapshotOpen;

    public override LinkPurpose Link => LinkPurpose.Bulk;

    internal override long FieldBytes => ParcelWriter.IdBytes + 16;

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Id(Snapshot);
        fields.Number(Session.Value);
        fields.Position(FileBytes);
    }

    internal static SnapshotOpen? Read(ref ParcelReader fields)
    {
        var read = new SnapshotOpen(fields.Id(), fields.Index(), fields.Position());
        return read.FileBytes > 0 ? read : null;
    }
}

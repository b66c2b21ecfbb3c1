using Balsa.Raft.Log;

namespace Balsa.Transport.Codec.Parcels.Snapshots;

/// <summary>What became of the pieces. The values are on the wire: never renumber.</summary>
public enum SnapshotTakenKind : byte
{
    /// <summary>Everything below the offset has been taken.</summary>
    Accepted = 1,

    /// <summary>Send again from the offset.</summary>
    GoBack = 2,

    /// <summary>The receiver will not take this snapshot.</summary>
    Refused = 3,

    /// <summary>All of it is durable.</summary>
    Complete = 4,
}

/// <summary>How far the receiver is.</summary>
public sealed record SnapshotTaken(EntryId Snapshot, LogIndex Session, long Offset, SnapshotTakenKind Taken) : Parcel
{
    public override ParcelKind Kind => ParcelKind.SnapshotTaken;

    public override LinkPurpose Link => LinkPurpose.Bulk;

    internal override long FieldBytes => ParcelWriter.IdBytes + 17;

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Id(Snapshot);
        fields.Number(Session.Value);
        fields.Position(Offset);
        fields.Byte((byte)Taken);
    }

    internal static SnapshotTaken? Read(ref ParcelReader fields)
    {
        var read = new SnapshotTaken(fields.Id(), fields.Index(), fields.Position(), (SnapshotTakenKind)fields.Byte());
        return read.Taken is >= SnapshotTakenKind.Accepted and <= SnapshotTakenKind.Complete ? read : null;
    }
}

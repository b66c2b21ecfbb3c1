using Balsa.Raft.Log;

namespace Balsa.Transport.Codec.Parcels.Snapshots;

/// <summary>Bytes of the snapshot's file. Pieces of at most 64 KiB are kept out of the heap of large objects.</summary>
/// <param name="StartsAnew">The receiver holds something else under this name and must drop it first; only at offset 0.</param>
public sealed record SnapshotPiece(
    EntryId Snapshot, LogIndex Session, long FileBytes, long Offset, bool StartsAnew, ReadOnlyMemory<byte> Bytes) : Parcel
{
    public override ParcelKind Kind => ParcelKind.SnapshotPiece;

    public override LinkPurpose Link => LinkPurpose.Bulk;

    internal override long FieldBytes => ParcelWriter.IdBytes + 25 + ParcelWriter.LengthBytes + (long)Bytes.Length;

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Id(Snapshot);
        fields.Number(Session.Value);
        fields.Position(FileBytes);
        fields.Position(Offset);
        fields.Flag(StartsAnew);
        fields.Bytes(Bytes.Span);
    }

    internal static SnapshotPiece? Read(ref ParcelReader fields)
    {
        var read = new SnapshotPiece(
            fields.Id(), fields.Index(), fields.Position(), fields.Position(), fields.Flag(), fields.Bytes());
        var fits = read.FileBytes > 0 && read.Offset <= read.FileBytes - read.Bytes.Length;
        return fits && (!read.StartsAnew || read.Offset == 0) ? read : null;
    }
}

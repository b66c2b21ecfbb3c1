using System.Buffers;
using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Transport.Codec.Parcels.Forwarding;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Codec.Parcels.Snapshots;

namespace Balsa.Transport.Codec.Parcels;

/// <summary>
/// Parcels as frames and back: <c>1 kind | 7 zero | fields</c>, all or nothing. Reading never throws and allocates nothing
/// for a forged size.
/// </summary>
public static class ParcelCodec
{
    private const int HeadBytes = 8;

    /// <summary>What the whole frame takes; it can be sent when its body fits the limit of the receiver.</summary>
    public static long FrameBytes(Parcel parcel)
    {
        ArgumentNullException.ThrowIfNull(parcel);
        return FrameHeader.Bytes + HeadBytes + parcel.FieldBytes;
    }

    public static OutgoingFrame Write(Parcel parcel, GroupId group)
    {
        var size = checked((int)FrameBytes(parcel));
        var array = ArrayPool<byte>.Shared.Rent(size);
        var frame = array.AsSpan(0, size);
        frame.Slice(FrameHeader.Bytes, HeadBytes).Clear();
        frame[FrameHeader.Bytes] = (byte)parcel.Kind;
        var fields = new ParcelWriter(frame[(FrameHeader.Bytes + HeadBytes)..]);
        parcel.Write(ref fields);
        Invariant.Check(fields.IsFull);
        FrameHeader.Seal(frame, FrameKind.Parcel, group);
        return new OutgoingFrame(array, size);
    }

    public static FrameError TryRead(in FrameHeader header, ReadOnlySpan<byte> body, out Parcel? parcel)
    {
        parcel = null;
        if (header.Kind != FrameKind.Parcel) return FrameError.OutOfPlace;
        if (Crc32C.Of(body) != header.BodyCrc) return FrameError.DamagedBody;
        if (body.Length < HeadBytes || body[1..HeadBytes].ContainsAnyExcept((byte)0)) return FrameError.MalformedBody;
        var kind = (ParcelKind)body[0];
        if (kind is < ParcelKind.SnapshotOpen or > ParcelKind.FoundingRecord) return FrameError.UnknownKind;
        var fields = new ParcelReader(body[HeadBytes..]);
        var read = Read(kind, ref fields);
        if (!fields.IsSound || read is null) return FrameError.MalformedBody;
        parcel = read;
        return FrameError.None;
    }

    private static Parcel? Read(ParcelKind kind, ref ParcelReader fields) => kind switch
    {
        ParcelKind.SnapshotOpen => SnapshotOpen.Read(ref fields),
        ParcelKind.SnapshotHave => SnapshotHave.Read(ref fields),
        ParcelKind.SnapshotPiece => SnapshotPiece.Read(ref fields),
        ParcelKind.SnapshotTaken => SnapshotTaken.Read(ref fields),
        ParcelKind.Forward => Forward.Read(ref fields),
        ParcelKind.ForwardAnswer => ForwardAnswer.Read(ref fields),
        ParcelKind.HashOpinion => HashOpinion.Read(ref fields),
        ParcelKind.FoundingAsk => FoundingAsk.Read(ref fields),
        ParcelKind.FoundingAnswer => FoundingAnswer.Read(ref fields),
        ParcelKind.FoundingRecord => FoundingRecord.Read(ref fields),
        _ => null,
    };
}

using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Forwarding;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Codec.Parcels.Snapshots;

namespace Balsa.Transport.Tests.Codec;

/// <summary>Parcels for the tests: one of each kind with fixed content, and as many as wanted with random content.</summary>
internal static class ParcelSamples
{
    public static readonly GroupId Group = new(5);

    private static readonly EntryId Snapshot = new(new Term(0x11), new LogIndex(0x22));

    public static IEnumerable<Parcel> OneOfEachKind()
    {
        var member = new FoundingMember("anna", "http://a:1", "", new Incarnation(0xA1), 3);
        yield return new SnapshotOpen(Snapshot, new LogIndex(0x33), 0x44);
        yield return new SnapshotHave(Snapshot, new LogIndex(0x33), 0x44, 0x55);
        yield return new SnapshotPiece(Snapshot, new LogIndex(0x33), 0x44, 0, true, new byte[] { 7, 8, 9 });
        yield return new SnapshotTaken(Snapshot, new LogIndex(0x33), 0x44, SnapshotTakenKind.GoBack);
        yield return new Forward(0x66, new Term(0x77), [1, 2]);
        yield return new ForwardAnswer(0x66, Outcome.NotDone(Reason.Busy), new MemberId(2), Snapshot, 1, [4, 5], true);
        yield return new HashOpinion(new LogIndex(0x88), 1, 2, 0x99, 0xAA);
        yield return new FoundingAsk("tok", 0xBB, member, true);
        yield return new FoundingAnswer(FoundingStanding.Recorded, 0xCC, 0xBB, "a,b", member);
        yield return new FoundingRecord("tok", 0xBB, 0xCC, Configuration.OfVoters(1));
    }

    public static Parcel OfKind(ParcelKind kind) => OneOfEachKind().Single(parcel => parcel.Kind == kind);

    public static Parcel Random(Random random, ParcelKind kind)
    {
        var fileBytes = random.NextInt64(1, long.MaxValue);
        switch (kind)
        {
            case ParcelKind.SnapshotOpen: return new SnapshotOpen(Id(random), Index(random), fileBytes);
            case ParcelKind.SnapshotHave:
                return new SnapshotHave(Id(random), Index(random), random.NextInt64(), (uint)random.NextInt64(1L << 32));
            case ParcelKind.SnapshotPiece:
                var bytes = Bytes(random, 0);
                var startsAnew = random.Next(2) == 0;
                var offset = startsAnew ? 0 : random.NextInt64(fileBytes);
                return new SnapshotPiece(Id(random), Index(random), Math.Max(fileBytes, bytes.Length), Math.Max(0, offset - bytes.Length),
                    startsAnew, bytes);
            case ParcelKind.SnapshotTaken:
                return new SnapshotTaken(Id(random), Index(random), random.NextInt64(), (SnapshotTakenKind)random.Next(1, 5));
            case ParcelKind.Forward: return new Forward(Number(random), Id(random).Term, Bytes(random, 1));
            case ParcelKind.ForwardAnswer:
                var hasResult = random.Next(2) == 0;
                var outcome = new Outcome((Verdict)random.Next(1, 4), (Reason)random.Next(0, 19));
                return new ForwardAnswer(Number(random), outcome, new MemberId(Number(random)), Id(random), (byte)random.Next(256),
                    hasResult ? Bytes(random, 0) : [], hasResult);
            case ParcelKind.HashOpinion:
                return new HashOpinion(Index(random), (uint)random.Next(), (uint)random.Next(), Number(random), Number(random));
            case ParcelKind.FoundingAsk: return new FoundingAsk(Text(random, 256), Number(random), Member(random), random.Next(2) == 0);
            case ParcelKind.FoundingAnswer:
                var standing = (FoundingStanding)random.Next(1, 6);
                var cluster = standing >= FoundingStanding.Recorded ? Number(random) | 1 : 0;
                return new FoundingAnswer(standing, cluster, Number(random), Text(random, 16 * 1024), Member(random))
                {
                    Record = cluster != 0 && random.Next(2) == 0
                        ? new FoundingRecord(Text(random, 256), Number(random), cluster, Members(random)) : null,
                };
            default: return new FoundingRecord(Text(random, 256), Number(random), Number(random) | 1, Members(random));
        }
    }

    public static byte[] Frame(Parcel parcel)
    {
        var frame = ParcelCodec.Write(parcel, Group);
        var copy = frame.Bytes.ToArray();
        frame.Release();
        return copy;
    }

    /// <summary>As a connection reads it: the head, then the body.</summary>
    public static FrameError Read(ReadOnlySpan<byte> bytes, out Parcel? parcel)
    {
        parcel = null;
        if (bytes.Length < FrameHeader.Bytes) return FrameError.MalformedBody;
        var error = FrameHeader.TryRead(bytes, Samples.BodyBytesMax, out var header);
        if (error != FrameError.None) return error;
        return header.BodyBytes > bytes.Length - FrameHeader.Bytes
            ? FrameError.MalformedBody
            : ParcelCodec.TryRead(header, bytes.Slice(FrameHeader.Bytes, header.BodyBytes), out parcel);
    }

    private static ulong Number(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    private static LogIndex Index(Random random) => new((ulong)random.NextInt64(1L << 60));

    private static EntryId Id(Random random) => new(new Term((ulong)random.NextInt64(1L << 60)), Index(random));

    private static byte[] Bytes(Random random, int least)
    {
        var bytes = new byte[random.Next(least, 2000)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Letters of one to four bytes.</summary>
    private static string Text(Random random, int bytesMax)
    {
        string[] letters = ["a", "Z", "/", "é", "水", "🛶"];
        var length = random.Next(Math.Min(bytesMax, 1000) / 4);
        return string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)]));
    }

    private static FoundingMember Member(Random random) =>
        new(Text(random, 1024), Text(random, 1024), Text(random, 1024), new Incarnation(Number(random) | 1), (uint)random.Next());

    private static Configuration Members(Random random) => Configuration.Found(
        Enumerable.Range(1, random.Next(1, 8)).Select(id => new Member
        {
            Id = new MemberId((ulong)id), Incarnation = new Incarnation(Number(random) | 1), Role = MemberRole.Voter,
            Name = Text(random, 1024), PeerUrls = Text(random, 1024), ClientUrls = Text(random, 1024),
        }));
}

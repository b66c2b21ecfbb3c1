using System.Reflection;
using Balsa.Raft.Membership;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Forwarding;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Codec.Parcels.Snapshots;

namespace Balsa.Transport.Tests.Codec;

public sealed class ParcelCodecTests
{
    public static TheoryData<ParcelKind> Kinds => [.. Enum.GetValues<ParcelKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_parcel_comes_back_field_by_field(ParcelKind kind)
    {
        var random = new Random((int)kind);
        for (var round = 0; round < 1000; round++)
        {
            var parcel = ParcelSamples.Random(random, kind);
            var frame = ParcelSamples.Frame(parcel);
            Assert.Equal(FrameError.None, ParcelSamples.Read(frame, out var read));
            Assert.Equal(frame.Length, ParcelCodec.FrameBytes(parcel));
            AssertSame(parcel, read!);
        }
    }

    [Fact]
    public void There_is_a_sample_of_each_kind_and_each_knows_its_link()
    {
        Assert.Equal(Enum.GetValues<ParcelKind>(), ParcelSamples.OneOfEachKind().Select(parcel => parcel.Kind));
        foreach (var parcel in ParcelSamples.OneOfEachKind())
        {
            var name = parcel.Kind.ToString();
            var expected = name.StartsWith("Snapshot", StringComparison.Ordinal) ? LinkPurpose.Bulk
                : name.StartsWith("Founding", StringComparison.Ordinal) ? LinkPurpose.Founding : LinkPurpose.Consensus;
            Assert.Equal(expected, parcel.Link);
        }
    }

    public static TheoryData<string> Senseless => [.. SenselessParcels().Select(pair => pair.What)];

    /// <summary>The writer writes what it is given; the reader must not take it.</summary>
    [Theory]
    [MemberData(nameof(Senseless))]
    public void A_parcel_that_makes_no_sense_is_refused(string what)
    {
        var parcel = SenselessParcels().Single(pair => pair.What == what).Parcel;
        Assert.Equal(FrameError.MalformedBody, ParcelSamples.Read(ParcelSamples.Frame(parcel), out var read));
        Assert.Null(read);
    }

    [Fact]
    public void An_unknown_kind_and_a_frame_that_is_no_parcel_are_told_apart_from_damage()
    {
        var frame = ParcelSamples.Frame(ParcelSamples.OfKind(ParcelKind.HashOpinion));
        foreach (var kind in new byte[] { 0, 11, 255 })
        {
            frame[FrameHeader.Bytes] = kind;
            FrameHeader.Seal(frame, FrameKind.Parcel, ParcelSamples.Group);
            Assert.Equal(FrameError.UnknownKind, ParcelSamples.Read(frame, out _));
        }

        FrameHeader.Seal(frame, FrameKind.Message, ParcelSamples.Group);
        Assert.Equal(FrameError.OutOfPlace, ParcelSamples.Read(frame, out _));
    }

    private static IEnumerable<(string What, Parcel Parcel)> SenselessParcels()
    {
        var open = (SnapshotOpen)ParcelSamples.OfKind(ParcelKind.SnapshotOpen);
        var piece = (SnapshotPiece)ParcelSamples.OfKind(ParcelKind.SnapshotPiece);
        var taken = (SnapshotTaken)ParcelSamples.OfKind(ParcelKind.SnapshotTaken);
        var forward = (Forward)ParcelSamples.OfKind(ParcelKind.Forward);
        var done = (ForwardAnswer)ParcelSamples.OfKind(ParcelKind.ForwardAnswer);
        var ask = (FoundingAsk)ParcelSamples.OfKind(ParcelKind.FoundingAsk);
        var answer = (FoundingAnswer)ParcelSamples.OfKind(ParcelKind.FoundingAnswer);
        var record = (FoundingRecord)ParcelSamples.OfKind(ParcelKind.FoundingRecord);
        yield return ("no file", open with { FileBytes = 0 });
        yield return ("an index out of range", open with { Session = new(Raft.Log.LogIndex.Max.Value + 1) });
        yield return ("a term out of range", open with { Snapshot = new(new(Raft.Log.Term.Max.Value + 1), default) });
        yield return ("bytes beyond the file", piece with { StartsAnew = false, Offset = piece.FileBytes - 2 });
        yield return ("a file smaller than its piece", piece with { FileBytes = 2 });
        yield return ("a new start in the middle", piece with { Offset = 1 });
        yield return ("progress of no kind", taken with { Taken = default });
        yield return ("progress of an unknown kind", taken with { Taken = SnapshotTakenKind.Complete + 1 });
        yield return ("an entry without bytes", forward with { Entry = [] });
        yield return ("no verdict", done with { Outcome = default });
        yield return ("an unknown reason", done with { Outcome = done.Outcome with { Reason = (Raft.Effects.Reason)200 } });
        yield return ("a result that is not there", done with { HasResult = false });
        yield return ("an asker without a directory", ask with { Asker = ask.Asker with { Incarnation = default } });
        yield return ("an answerer without a directory", answer with { Answerer = answer.Answerer with { Incarnation = default } });
        yield return ("no standing", answer with { Standing = default, Cluster = 0 });
        yield return ("an unknown standing", answer with { Standing = FoundingStanding.Founded + 1 });
        yield return ("recorded without a cluster", answer with { Cluster = 0 });
        yield return ("agreement with a cluster", answer with { Standing = FoundingStanding.Agrees });
        yield return ("a record without a cluster", record with { Cluster = 0 });
        yield return ("a record without members", record with { Configuration = Configuration.Empty });
    }

    private static void AssertSame(Parcel expected, Parcel read)
    {
        Assert.Equal(expected.GetType(), read.GetType());
        foreach (var property in expected.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetValue(expected) is Parcel inner) AssertSame(inner, (Parcel)property.GetValue(read)!);
            else Assert.Equal(Comparable(property.GetValue(expected)), Comparable(property.GetValue(read)));
        }
    }

    private static object? Comparable(object? value)
    {
        if (value is ReadOnlyMemory<byte> memory) return memory.ToArray();
        if (value is not Configuration configuration) return value;
        var bytes = new byte[ConfigurationCodec.Length(configuration)];
        ConfigurationCodec.Write(configuration, bytes);
        return bytes;
    }
}

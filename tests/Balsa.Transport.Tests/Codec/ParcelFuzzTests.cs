using System.Buffers.Binary;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Transport.Tests.Codec;

public sealed class ParcelFuzzTests
{
    public static TheoryData<ParcelKind> Kinds => [.. Enum.GetValues<ParcelKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_wrong_bit_anywhere_is_noticed(ParcelKind kind)
    {
        var frame = ParcelSamples.Frame(ParcelSamples.OfKind(kind));
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(FrameError.None, ParcelSamples.Read(frame, out var read));
            Assert.Null(read);
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>Sealed again after the cut, so that the fields themselves must notice.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_body_that_is_cut_or_has_more_is_refused(ParcelKind kind)
    {
        var whole = ParcelSamples.Frame(ParcelSamples.OfKind(kind));
        for (var length = FrameHeader.Bytes; length <= whole.Length + 20; length++)
        {
            if (length == whole.Length) continue;
            var frame = new byte[length];
            whole.AsSpan(0, Math.Min(length, whole.Length)).CopyTo(frame);
            FrameHeader.Seal(frame, FrameKind.Parcel, ParcelSamples.Group);
            Assert.Equal(FrameError.MalformedBody, ParcelSamples.Read(frame, out _));
        }
    }

    /// <summary>Whatever is taken has one spelling: written again it is the same bytes.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Random_changes_behind_a_valid_head_never_throw_and_what_is_taken_is_spelled_right(ParcelKind kind)
    {
        var random = new Random(100 + (int)kind);
        var taken = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var frame = ParcelSamples.Frame(round % 2 == 0 ? ParcelSamples.OfKind(kind) : ParcelSamples.Random(random, kind));
            for (var i = random.Next(1, 4); i > 0; i--)
                frame[random.Next(FrameHeader.Bytes + 1, frame.Length)] = (byte)random.Next(256);
            FrameHeader.Seal(frame, FrameKind.Parcel, ParcelSamples.Group);
            var error = ParcelSamples.Read(frame, out var parcel);
            Assert.Equal(error == FrameError.None, parcel is not null);
            if (parcel is null) continue;
            taken++;
            Assert.Equal(frame, ParcelSamples.Frame(parcel));
        }

        Assert.True(taken > 100, $"only {taken} of the changed parcels were possible, so the spelling was hardly looked at.");
    }

    [Fact]
    public void Random_bodies_never_throw()
    {
        var random = new Random(2);
        for (var round = 0; round < 200_000; round++)
        {
            var frame = new byte[FrameHeader.Bytes + random.Next(0, 200)];
            random.NextBytes(frame);
            if (frame.Length >= FrameHeader.Bytes + 8)
            {
                frame.AsSpan(FrameHeader.Bytes, 8).Clear();
                frame[FrameHeader.Bytes] = (byte)random.Next(12);
            }

            FrameHeader.Seal(frame, FrameKind.Parcel, ParcelSamples.Group);
            var error = ParcelSamples.Read(frame, out var parcel);
            Assert.Equal(error == FrameError.None, parcel is not null);
        }
    }

    /// <summary>Every four bytes in turn say that four gigabytes follow, or two.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_forged_size_allocates_nothing(ParcelKind kind)
    {
        var whole = ParcelSamples.Frame(ParcelSamples.OfKind(kind));
        foreach (var size in new[] { uint.MaxValue, (uint)int.MaxValue, 100_000_000u })
        {
            for (var at = FrameHeader.Bytes + 8; at + 4 <= whole.Length; at++)
            {
                var frame = (byte[])whole.Clone();
                BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(at), size);
                FrameHeader.Seal(frame, FrameKind.Parcel, ParcelSamples.Group);
                var before = GC.GetAllocatedBytesForCurrentThread();
                ParcelSamples.Read(frame, out _);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
            }
        }
    }
}

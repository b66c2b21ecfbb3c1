using System.Buffers.Binary;
using Balsa.Raft.Log;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tests.Codec;

public sealed class FrameHeaderTests
{
    [Fact]
    public void A_frame_of_four_gigabytes_is_refused_by_its_head_whatever_its_kind()
    {
        foreach (var kind in Enum.GetValues<FrameKind>())
        {
            foreach (var length in new[] { uint.MaxValue, 0x8000_0000u, (uint)int.MaxValue, 101u })
                Assert.Equal(FrameError.TooLarge, FrameHeader.TryRead(Head(kind, 1, length), 100, out _));
            Assert.Equal(FrameError.None, FrameHeader.TryRead(Head(kind, 1, 100), 100, out var header));
            Assert.Equal((kind, 100), (header.Kind, header.BodyBytes));
        }
    }

    [Fact]
    public void A_later_version_is_told_apart_from_damage_before_its_kind_and_length_are_judged()
    {
        Assert.Equal(FrameError.UnknownVersion, FrameHeader.TryRead(Head((FrameKind)99, 2, uint.MaxValue), 100, out _));
        Assert.Equal(FrameError.UnknownKind, FrameHeader.TryRead(Head((FrameKind)7, 1, 0), 100, out _));
        Assert.Equal(FrameError.UnknownKind, FrameHeader.TryRead(Head(default, 1, 0), 100, out _));
        var damaged = Head(FrameKind.Parcel, 2, 10);
        damaged[23] ^= 1;
        Assert.Equal(FrameError.DamagedHeader, FrameHeader.TryRead(damaged, 100, out _));
    }

    private static byte[] Head(FrameKind kind, byte version, uint length)
    {
        var head = new byte[FrameHeader.Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head, length);
        (head[8], head[9]) = ((byte)kind, version);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), Crc32C.Continue(Crc32C.Of(head.AsSpan(0, 4)), head.AsSpan(8)));
        return head;
    }
}

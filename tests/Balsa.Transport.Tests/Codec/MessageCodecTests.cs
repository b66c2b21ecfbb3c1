using System.Buffers.Binary;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tests.Codec;

public sealed class MessageCodecTests
{
    [Fact]
    public void Every_kind_of_message_comes_back_as_it_was()
    {
        foreach (var kind in Enum.GetValues<MessageKind>())
        {
            var message = Samples.Message(kind, 1000UL * (ulong)kind);
            Assert.Equal(FrameError.None, Samples.Read(Samples.Frame(message), out var incoming));
            Assert.Equal(message, incoming!.Message);
            Assert.Empty(incoming.Entries);
        }
    }

    [Fact]
    public void Entries_come_back_with_their_bytes_and_configurations_decoded()
    {
        var message = Samples.Message(MessageKind.Append, 7);
        byte[] data = [1, 2, 3], none = [];
        var frame = Samples.Frame(
            message, (EntryKind.Noop, none), (EntryKind.Data, data), (EntryKind.Configuration, Samples.Configuration()));
        Assert.Equal(FrameError.None, Samples.Read(frame, out var incoming));
        Assert.Equal([EntryKind.Noop, EntryKind.Data, EntryKind.Configuration], incoming!.Entries.Select(entry => entry.Kind));
        Assert.Equal(Samples.Entry(message, 1, EntryKind.Data, data), incoming.Entries[1]);
        Assert.Equal(data, incoming.Payloads[1].ToArray());
        Assert.Equal(3, Assert.Single(incoming.Configurations).Members.Length);
    }

    [Fact]
    public void One_wrong_bit_anywhere_is_noticed()
    {
        var message = Samples.Message(MessageKind.Append, 3);
        var frame = Samples.Frame(message, (EntryKind.Data, "payload"u8.ToArray()), (EntryKind.Configuration, Samples.Configuration()));
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            var damaged = (byte[])frame.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(FrameError.None, Samples.Read(damaged, out _));
        }
    }

    [Fact]
    public void Random_bytes_are_refused_and_nothing_else()
    {
        var random = new Random(1);
        for (var round = 0; round < 200_000; round++)
        {
            var bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);
            Assert.NotEqual(FrameError.None, Samples.Read(bytes, out _));
        }
    }

    [Fact]
    public void Random_bodies_behind_a_valid_head_never_throw()
    {
        var random = new Random(2);
        var message = Samples.Message(MessageKind.Append, 3);
        var valid = Samples.Frame(message, (EntryKind.Data, new byte[50]), (EntryKind.Configuration, Samples.Configuration()));
        for (var round = 0; round < 200_000; round++)
        {
            var frame = round % 2 == 0 ? (byte[])valid.Clone() : new byte[FrameHeader.Bytes + random.Next(0, 400)];
            if (round % 2 == 1) random.NextBytes(frame.AsSpan(FrameHeader.Bytes));
            for (var i = random.Next(1, 5); i > 0 && frame.Length > FrameHeader.Bytes; i--)
                frame[random.Next(FrameHeader.Bytes, frame.Length)] = (byte)random.Next(256);
            // Sealed again, so that it is the body's own checks that must hold.
            FrameHeader.Seal(frame, FrameKind.Message, new GroupId(5));
            var error = Samples.Read(frame, out var incoming);
            Assert.Equal(error == FrameError.None, incoming is not null);
        }
    }

    [Fact]
    public void A_forged_count_or_length_allocates_nothing()
    {
        var frame = Samples.Frame(Samples.Message(MessageKind.Append, 3), (EntryKind.Data, new byte[8]));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(FrameHeader.Bytes + 4), uint.MaxValue);
        FrameHeader.Seal(frame, FrameKind.Message, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(FrameError.MalformedBody, Samples.Read(frame, out _));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000);
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tests.Codec;

/// <summary>Messages for the tests, every field different.</summary>
internal static class Samples
{
    public const int BodyBytesMax = 1 << 20;

    public static Message Message(MessageKind kind, ulong seed) => new()
    {
        Kind = kind, Flags = (MessageFlags)(seed % 64), To = new MemberId(seed + 1), Term = new Term(seed + 2),
        Log = new EntryId(new Term(seed + 3), new LogIndex(seed + 4)), Commit = new LogIndex(seed + 5), Match = new LogIndex(seed + 6),
        Session = new LogIndex(seed + 7), Context = new ReadContext(new Boot(seed + 8), seed + 9),
    };

    public static EntryRef Entry(in Message message, int position, EntryKind kind, byte[] payload) => new(
        new EntryId(new Term(message.Term.Value), new LogIndex(message.Log.Index.Value + (ulong)position + 1)), kind, (uint)payload.Length,
        Crc32C.Of(payload), default);

    public static byte[] Configuration()
    {
        var configuration = Raft.Membership.Configuration.OfVoters(1, 2, 3);
        var bytes = new byte[ConfigurationCodec.Length(configuration)];
        ConfigurationCodec.Write(configuration, bytes);
        return bytes;
    }

    public static byte[] Frame(in Message message, params ReadOnlySpan<(EntryKind Kind, byte[] Payload)> entries)
    {
        long bytes = 0;
        foreach (var (_, payload) in entries) bytes += payload.Length;
        var encoder = MessageEncoder.Begin(message, entries.Length, bytes);
        for (var i = 0; i < entries.Length; i++) encoder.Add(Entry(message, i, entries[i].Kind, entries[i].Payload), entries[i].Payload);
        var frame = encoder.Finish(new GroupId(5));
        var copy = frame.Bytes.ToArray();
        frame.Release();
        return copy;
    }

    /// <summary>As a connection reads it: the head, then the body.</summary>
    public static FrameError Read(ReadOnlySpan<byte> bytes, out IncomingMessage? incoming)
    {
        incoming = null;
        if (bytes.Length < FrameHeader.Bytes) return FrameError.MalformedBody;
        var error = FrameHeader.TryRead(bytes, BodyBytesMax, out var header);
        if (error != FrameError.None) return error;
        return header.BodyBytes > bytes.Length - FrameHeader.Bytes
            ? FrameError.MalformedBody
            : MessageDecoder.TryRead(header, bytes.Slice(FrameHeader.Bytes, header.BodyBytes), out incoming);
    }
}

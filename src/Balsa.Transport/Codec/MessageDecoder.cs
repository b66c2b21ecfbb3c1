using System.Buffers.Binary;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;

namespace Balsa.Transport.Codec;

/// <summary>
/// Takes the body of a message frame apart, all or nothing. It never throws, whatever the bytes: what they mean is judged
/// by the core, what they are is judged here.
/// </summary>
public static class MessageDecoder
{
    public static FrameError TryRead(in FrameHeader header, ReadOnlySpan<byte> body, out IncomingMessage? incoming)
    {
        incoming = null;
        if (header.Kind != FrameKind.Message) return FrameError.OutOfPlace;
        if (Crc32C.Of(body) != header.BodyCrc) return FrameError.DamagedBody;
        if (body.Length < MessageLayout.FixedBytes || BinaryPrimitives.ReadUInt16LittleEndian(body[2..]) != 0)
            return FrameError.MalformedBody;
        var message = ReadMessage(body);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(body[MessageLayout.EntriesAt..]);
        var rest = body.Length - MessageLayout.FixedBytes;
        // Compared before anything is allocated: a forged count must not ask for gigabytes.
        if ((ulong)count * MessageLayout.EntryBytes > (ulong)rest) return FrameError.MalformedBody;
        if (count == 0)
        {
            if (rest != 0) return FrameError.MalformedBody;
            incoming = new IncomingMessage(message, [], [], []);
            return FrameError.None;
        }

        return ReadEntries(message, (int)count, body[MessageLayout.FixedBytes..].ToArray(), out incoming);
    }

    private static Message ReadMessage(ReadOnlySpan<byte> body) => new()
    {
        Kind = (MessageKind)body[0],
        Flags = (MessageFlags)body[1],
        To = new MemberId(Number(body, MessageLayout.ToAt)),
        Term = new Term(Number(body, MessageLayout.TermAt)),
        Log = new EntryId(new Term(Number(body, MessageLayout.LogTermAt)), new LogIndex(Number(body, MessageLayout.LogIndexAt))),
        Commit = new LogIndex(Number(body, MessageLayout.CommitAt)),
        Match = new LogIndex(Number(body, MessageLayout.MatchAt)),
        Session = new LogIndex(Number(body, MessageLayout.SessionAt)),
        Context = new ReadContext(new Boot(Number(body, MessageLayout.BootAt)), Number(body, MessageLayout.NumberAt)),
    };

    private static FrameError ReadEntries(in Message message, int count, byte[] bytes, out IncomingMessage? incoming)
    {
        incoming = null;
        var entries = new EntryRef[count];
        var payloads = new ReadOnlyMemory<byte>[count];
        var configurations = new List<Configuration>();
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            if (bytes.Length - at < MessageLayout.EntryBytes) return FrameError.MalformedBody;
            var head = bytes.AsSpan(at, MessageLayout.EntryBytes);
            var kind = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head[12..]);
            at += MessageLayout.EntryBytes;
            if (kind > byte.MaxValue || length > (uint)(bytes.Length - at)) return FrameError.MalformedBody;
            var payload = bytes.AsMemory(at, (int)length);
            at += (int)length;
            var crc = BinaryPrimitives.ReadUInt32LittleEndian(head[16..]);
            if (Crc32C.Of(payload.Span) != crc) return FrameError.DamagedEntry;
            var id = new EntryId(
                new Term(BinaryPrimitives.ReadUInt64LittleEndian(head)), new LogIndex(message.Log.Index.Value + (ulong)i + 1));
            entries[i] = new EntryRef(id, (EntryKind)kind, length, crc, default);
            payloads[i] = payload;
            if (entries[i].Kind != EntryKind.Configuration) continue;
            if (!ConfigurationCodec.TryRead(payload.Span, out var configuration)) return FrameError.MalformedConfiguration;
            configurations.Add(configuration);
        }

        if (at != bytes.Length) return FrameError.MalformedBody;
        incoming = new IncomingMessage(message, entries, payloads, [.. configurations]);
        return FrameError.None;
    }

    private static ulong Number(ReadOnlySpan<byte> body, int at) => BinaryPrimitives.ReadUInt64LittleEndian(body[at..]);
}

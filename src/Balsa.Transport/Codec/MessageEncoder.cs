using System.Buffers;
using System.Buffers.Binary;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;

namespace Balsa.Transport.Codec;

/// <summary>A finished frame in a borrowed array; whoever sends or drops it gives the array back.</summary>
public readonly record struct OutgoingFrame(byte[] Array, int Length)
{
    public ReadOnlyMemory<byte> Bytes => Array.AsMemory(0, Length);

    public void Release() => ArrayPool<byte>.Shared.Return(Array);
}

/// <summary>Writes one message as a frame: first the message, then its entries in order, then <see cref="Finish"/>.</summary>
public struct MessageEncoder
{
    private byte[] _array;
    private int _at;
    private int _entriesLeft;

    /// <param name="payloadBytes">Of all entries together.</param>
    public static MessageEncoder Begin(in Message message, int entries, long payloadBytes)
    {
        var size = FrameHeader.Bytes + MessageLayout.FixedBytes + (long)MessageLayout.EntryBytes * entries + payloadBytes;
        var encoder = new MessageEncoder { _array = ArrayPool<byte>.Shared.Rent(checked((int)size)), _entriesLeft = entries };
        var body = encoder._array.AsSpan(FrameHeader.Bytes);
        body[0] = (byte)message.Kind;
        body[1] = (byte)message.Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(body[2..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(body[MessageLayout.EntriesAt..], (uint)entries);
        Write(body, MessageLayout.ToAt, message.To.Value);
        Write(body, MessageLayout.TermAt, message.Term.Value);
        Write(body, MessageLayout.LogTermAt, message.Log.Term.Value);
        Write(body, MessageLayout.LogIndexAt, message.Log.Index.Value);
        Write(body, MessageLayout.CommitAt, message.Commit.Value);
        Write(body, MessageLayout.MatchAt, message.Match.Value);
        Write(body, MessageLayout.SessionAt, message.Session.Value);
        Write(body, MessageLayout.BootAt, message.Context.Boot.Value);
        Write(body, MessageLayout.NumberAt, message.Context.Number);
        encoder._at = FrameHeader.Bytes + MessageLayout.FixedBytes;
        return encoder;
    }

    public void Add(in EntryRef entry, ReadOnlySpan<byte> payload)
    {
        Raft.Invariant.Check(_entriesLeft-- > 0 && entry.Length == (uint)payload.Length);
        var place = _array.AsSpan(_at);
        BinaryPrimitives.WriteUInt64LittleEndian(place, entry.Id.Term.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(place[8..], (byte)entry.Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(place[12..], entry.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(place[16..], entry.Crc);
        payload.CopyTo(place[MessageLayout.EntryBytes..]);
        _at += MessageLayout.EntryBytes + payload.Length;
    }

    public readonly OutgoingFrame Finish(GroupId group)
    {
        Raft.Invariant.Check(_entriesLeft == 0);
        FrameHeader.Seal(_array.AsSpan(0, _at), FrameKind.Message, group);
        return new OutgoingFrame(_array, _at);
    }

    private static void Write(Span<byte> body, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(body[at..], value);
}

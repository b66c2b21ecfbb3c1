using System.Buffers.Binary;
using Balsa.Raft.Log;

namespace Balsa.Replica.Skipping;

/// <summary>
/// What replicas say to each other in the form of commands. State machines number theirs below <see cref="FirstKind"/> and never
/// see these. The values are in logs: never renumber.
/// </summary>
internal static class HostCommand
{
    internal const byte FirstKind = 240;

    /// <summary>Travels to the leader and is never appended: the sender's directory carries the skip.</summary>
    internal const byte Wish = 240;

    /// <summary>In the log: when it is committed, every member leaves the entry out.</summary>
    internal const byte Order = 241;

    private const ushort Version = 1;
    private const int BodyBytes = 16;

    internal static byte[] Write(byte kind, SkippedEntry skipped)
    {
        var entry = new byte[EntryEnvelope.Bytes + BodyBytes];
        new EntryEnvelope { CommandKind = kind, CommandVersion = Version }.Write(entry);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(EntryEnvelope.Bytes), skipped.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(EntryEnvelope.Bytes + 8), skipped.Hash);
        return entry;
    }

    /// <summary>False for anything else, and for what a later build means by it.</summary>
    internal static bool TryRead(byte kind, in EntryEnvelope envelope, ReadOnlySpan<byte> body, out SkippedEntry skipped)
    {
        skipped = default;
        if (envelope.CommandKind != kind || envelope.CommandVersion != Version || body.Length != BodyBytes) return false;
        skipped = new SkippedEntry(
            new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(body)), BinaryPrimitives.ReadUInt64LittleEndian(body[8..]));
        return true;
    }

    internal static bool TryRead(byte kind, ReadOnlySpan<byte> entry, out SkippedEntry skipped)
    {
        skipped = default;
        // Asked about every entry of the log.
        if (entry.Length != EntryEnvelope.Bytes + BodyBytes || entry[1] != kind) return false;
        return EntryEnvelope.TryRead(entry, out var envelope, out var body) == EnvelopeError.None
            && TryRead(kind, envelope, body, out skipped);
    }
}

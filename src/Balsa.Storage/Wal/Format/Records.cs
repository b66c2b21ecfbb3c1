using System.Buffers.Binary;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Wal.Format;

/// <summary>
/// The payloads of the small records, as they are written; <see cref="LogState"/> reads them.
/// <code>
/// Boot        8 number
/// HardState   8 term   8 vote (0: none)
/// Entry       the entry's bytes
/// Truncation  8 first index that is dropped
/// Peer        8 member   8 incarnation   8 highest boot
/// Base        8 index   8 term   8 oldest needed segment   the configuration there
/// Recovering  8 first missing index   8 last known index   1 hard state lost   7 zero
/// Recovered   nothing
/// </code>
/// </summary>
internal static class Records
{
    internal const int BaseBytes = 24, PeerBytes = 24;

    internal static void WriteBoot(Span<byte> payload, Boot boot) => U64(payload, boot.Value);

    internal static void WriteHardState(Span<byte> payload, HardState hardState)
    {
        U64(payload, hardState.Term.Value);
        U64(payload[8..], hardState.VotedFor.Value);
    }

    internal static HardState ReadHardState(ReadOnlySpan<byte> payload) => new(
        new Term(BinaryPrimitives.ReadUInt64LittleEndian(payload)), new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])));

    internal static void WriteTruncation(Span<byte> payload, LogIndex from) => U64(payload, from.Value);

    internal static void WritePeer(Span<byte> payload, SeenPeer peer)
    {
        U64(payload, peer.Member.Value);
        U64(payload[8..], peer.Incarnation.Value);
        U64(payload[16..], peer.HighestBoot.Value);
    }

    internal static SeenPeer ReadPeer(ReadOnlySpan<byte> payload) => new(
        new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(payload)),
        new Incarnation(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])),
        new Boot(BinaryPrimitives.ReadUInt64LittleEndian(payload[16..])));

    internal static int BaseLength(Configuration configuration) => BaseBytes + ConfigurationCodec.Length(configuration);

    /// <summary>All but the oldest needed segment, which is known only when the record gets its place.</summary>
    internal static void WriteBase(Span<byte> payload, EntryId boundary, Configuration configuration)
    {
        U64(payload, boundary.Index.Value);
        U64(payload[8..], boundary.Term.Value);
        ConfigurationCodec.Write(configuration, payload[BaseBytes..]);
    }

    internal static void WriteOldest(Span<byte> basePayload, ulong oldest) => U64(basePayload[16..], oldest);

    internal static EntryId ReadBoundary(ReadOnlySpan<byte> basePayload) => new(
        new Term(BinaryPrimitives.ReadUInt64LittleEndian(basePayload[8..])),
        new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(basePayload)));

    /// <summary>Before its first entry a member that joins has not been told who the members are.</summary>
    internal static bool TryReadMembers(ReadOnlySpan<byte> basePayload, EntryId boundary, out Configuration configuration)
    {
        var bytes = basePayload[BaseBytes..];
        if (ConfigurationCodec.TryRead(bytes, out configuration)) return true;
        if (boundary != default || bytes.Length != ConfigurationCodec.Length(Configuration.Empty)) return false;
        var nobody = new byte[bytes.Length];
        ConfigurationCodec.Write(Configuration.Empty, nobody);
        return bytes.SequenceEqual(nobody);
    }

    internal static void WriteLost(Span<byte> payload, LostEntries lost)
    {
        U64(payload, lost.First.Value);
        U64(payload[8..], lost.LastKnown.Value);
        U64(payload[16..], lost.HardStateIsLost ? 1UL : 0);
    }

    private static void U64(Span<byte> bytes, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
}

using System.Buffers.Binary;
using Balsa.Raft.Identity;

namespace Balsa.Raft.Log;

/// <summary>
/// What stands before every command in the log, so that each member applies it the same way: when it was proposed in log
/// time, by whom, and under which session and request it must run once only.
/// </summary>
/// <remarks>
/// <code>
/// 0       1       2       4         8          16         24         32         40         48         56        64
/// +-------+-------+-------+---------+----------+----------+----------+----------+----------+----------+---------+
/// |version| kind  |command| reserved| log time | session  | request  | origin   | boot     | user     | auth    |
/// |  = 1  |       |version|   = 0   |          |          |          | member   |          |          | revision|
/// +-------+-------+-------+---------+----------+----------+----------+----------+----------+----------+---------+
/// </code>
/// All little-endian. The command follows to the end of the entry. The checksum of envelope and command is not inside: it
/// travels in <see cref="EntryRef.Crc"/>.
/// </remarks>
public readonly record struct EntryEnvelope
{
    public const byte CurrentVersion = 1;
    public const int Bytes = 64;

    /// <summary>Which state machine command follows; the state machine's own numbering.</summary>
    public byte CommandKind { get; init; }

    public ushort CommandVersion { get; init; }

    /// <summary>In ticks of 100 ns since the cluster was founded, counting only reigns: see <see cref="LogClock"/>.</summary>
    public long LogTime { get; init; }

    public ulong Session { get; init; }

    public ulong Request { get; init; }

    public MemberId Origin { get; init; }

    public Boot OriginBoot { get; init; }

    public ulong User { get; init; }

    public ulong AuthRevision { get; init; }

    public void Write(Span<byte> destination)
    {
        destination[0] = CurrentVersion;
        destination[1] = CommandKind;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], CommandVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], LogTime);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Session);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], Request);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[32..], Origin.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[40..], OriginBoot.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[48..], User);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[56..], AuthRevision);
    }

    /// <summary>
    /// Splits an entry. An unknown version is never skipped: the caller must stop, because this member would apply
    /// something else than the others.
    /// </summary>
    public static EnvelopeError TryRead(ReadOnlySpan<byte> entry, out EntryEnvelope envelope, out ReadOnlySpan<byte> command)
    {
        envelope = default;
        command = default;
        if (entry.Length < Bytes) return EnvelopeError.TooShort;
        if (entry[0] != CurrentVersion) return EnvelopeError.UnknownVersion;
        if (BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) != 0) return EnvelopeError.UnknownVersion;
        envelope = new EntryEnvelope
        {
            CommandKind = entry[1],
            CommandVersion = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]),
            LogTime = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
            Session = BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
            Request = BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]),
            Origin = new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(entry[32..])),
            OriginBoot = new Boot(BinaryPrimitives.ReadUInt64LittleEndian(entry[40..])),
            User = BinaryPrimitives.ReadUInt64LittleEndian(entry[48..]),
            AuthRevision = BinaryPrimitives.ReadUInt64LittleEndian(entry[56..]),
        };
        command = entry[Bytes..];
        return EnvelopeError.None;
    }
}

public enum EnvelopeError : byte { None = 0, TooShort, UnknownVersion }

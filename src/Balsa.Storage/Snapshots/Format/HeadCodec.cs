using System.Buffers.Binary;
using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Storage.Snapshots.Format;

/// <summary>
/// The head of the file: a start of fixed length with a checksum of its own, so that no length in it is believed before
/// it, then the configuration. Every later version keeps the magic, the version and the checksum of the start where they
/// are, so that a newer file is told from a damaged one.
/// <code>
/// 0         8         12         16       48              52             56                60            64
/// +---------+---------+----------+----------+---------------+--------------+-----------------+-------------+
/// | magic   | version | 0        | identity | feature level | content kind | content version | block bytes |
/// +---------+---------+----------+----------+---------------+--------------+-----------------+-------------+
/// 64                    68        76       80
/// +---------------------+---------+--------+---------------+--------------+--------+
/// | configuration bytes | 0       | crc32c | configuration | 0, to 8n + 4 | crc32c |
/// +---------------------+---------+--------+---------------+--------------+--------+
/// </code>
/// </summary>
internal readonly record struct HeadCodec
{
    internal const int StartBytes = 80;
    internal const uint Version = 1;
    private const int ChecksumAt = StartBytes - 4;
    private const int ConfigurationBytesMax = 16 << 20;
    private const ulong Magic = 0x504e5341534c4142; // "BALSASNP"

    private readonly uint _checksum;

    private HeadCodec(ReadOnlySpan<byte> start)
    {
        _checksum = Crc32C.Of(start[..StartBytes]);
        Identity = SnapshotIdentity.Read(start[16..]);
        FeatureLevel = BinaryPrimitives.ReadUInt32LittleEndian(start[48..]);
        ContentKind = BinaryPrimitives.ReadUInt32LittleEndian(start[52..]);
        ContentVersion = BinaryPrimitives.ReadUInt32LittleEndian(start[56..]);
        BlockBytes = (int)BinaryPrimitives.ReadUInt32LittleEndian(start[60..]);
        ConfigurationBytes = (int)BinaryPrimitives.ReadUInt32LittleEndian(start[64..]);
    }

    internal SnapshotIdentity Identity { get; }

    internal uint FeatureLevel { get; }

    internal uint ContentKind { get; }

    internal uint ContentVersion { get; }

    internal int BlockBytes { get; }

    internal int ConfigurationBytes { get; }

    /// <summary>What follows the start: configuration, padding, checksum.</summary>
    internal int RestBytes => RestBytesOf(ConfigurationBytes);

    internal static byte[] Write(SnapshotHead head)
    {
        Invariant.Check(SnapshotHead.IsBlockBytes((uint)head.BlockBytes));
        var configurationBytes = ConfigurationCodec.Length(head.Configuration);
        Invariant.Check(configurationBytes <= ConfigurationBytesMax);
        var bytes = new byte[StartBytes + RestBytesOf(configurationBytes)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        head.Identity.Write(bytes.AsSpan(16));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(48), head.FeatureLevel);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(52), head.ContentKind);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(56), head.ContentVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), (uint)head.BlockBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(64), (uint)configurationBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Crc32C.Of(bytes.AsSpan(0, ChecksumAt)));
        ConfigurationCodec.Write(head.Configuration, bytes.AsSpan(StartBytes, configurationBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32C.Of(bytes.AsSpan(0, bytes.Length - 4)));
        return bytes;
    }

    /// <summary>Null when the start can be used, otherwise what is wrong with it.</summary>
    internal static string? ReadStart(ReadOnlySpan<byte> start, out HeadCodec read, out uint version)
    {
        (read, version) = (default, 0);
        if (BinaryPrimitives.ReadUInt64LittleEndian(start) != Magic) return "it does not begin like a snapshot";
        if (BinaryPrimitives.ReadUInt32LittleEndian(start[ChecksumAt..]) != Crc32C.Of(start[..ChecksumAt]))
            return "its first bytes do not match their checksum";
        version = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (version != Version) return $"it has format {version}, and this build reads format {Version}";
        if (start[12..16].ContainsAnyExcept((byte)0) || start[68..ChecksumAt].ContainsAnyExcept((byte)0))
            return "its first bytes are not zero where they must be";
        if (!SnapshotHead.IsBlockBytes(BinaryPrimitives.ReadUInt32LittleEndian(start[60..]))) return "its blocks have an impossible size";
        if (BinaryPrimitives.ReadUInt32LittleEndian(start[64..]) > ConfigurationBytesMax) return "its configuration is too long";
        read = new HeadCodec(start);
        return null;
    }

    /// <summary>Null when the rest fits the start. The checksum is over the start as well.</summary>
    internal string? ReadRest(ReadOnlySpan<byte> rest, out SnapshotHead? head, out uint checksum)
    {
        head = null;
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(rest[^4..]);
        if (checksum != Crc32C.Continue(_checksum, rest[..^4])) return "the head does not match its checksum";
        if (rest[ConfigurationBytes..^4].ContainsAnyExcept((byte)0)) return "the padding of the head is not zero";
        if (!ConfigurationCodec.TryRead(rest[..ConfigurationBytes], out var configuration)) return "the configuration cannot be read";
        head = new SnapshotHead
        {
            Identity = Identity, Configuration = configuration, FeatureLevel = FeatureLevel,
            ContentKind = ContentKind, ContentVersion = ContentVersion, BlockBytes = BlockBytes,
        };
        return null;
    }

    private static int RestBytesOf(int configurationBytes) => BlockHeader.Padded(configurationBytes + 4);
}

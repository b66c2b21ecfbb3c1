using Balsa.Raft.Membership;

namespace Balsa.Storage.Snapshots.Format;

/// <summary>What a snapshot says about itself before its content.</summary>
public sealed class SnapshotHead
{
    public const int BlockBytesDefault = 256 << 10;
    public const int BlockBytesMax = 16 << 20;

    public required SnapshotIdentity Identity { get; init; }

    /// <summary>The one in effect at the snapshot's index: whoever installs the snapshot has no log to find it in.</summary>
    public required Configuration Configuration { get; init; }

    /// <summary>The level at which the entries behind the content were applied.</summary>
    public required uint FeatureLevel { get; init; }

    /// <summary>Whose content it is. Only the state machine knows what that means, and the version with it.</summary>
    public uint ContentKind { get; init; }

    public uint ContentVersion { get; init; }

    /// <summary>How much content a block holds; only the last one may hold less. A multiple of 8.</summary>
    public int BlockBytes { get; init; } = BlockBytesDefault;

    internal static bool IsBlockBytes(uint bytes) => bytes is >= 8 and <= BlockBytesMax && bytes % 8 == 0;
}

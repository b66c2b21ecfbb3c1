using Balsa.Storage.Snapshots.Retention;

namespace Balsa.Node.Snapshots;

/// <summary>When snapshots are made, and how they travel.</summary>
public sealed record SnapshotShelfOptions
{
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>Content in a block of a file.</summary>
    public int BlockBytes { get; init; } = Storage.Snapshots.Format.SnapshotHead.BlockBytesDefault;

    /// <summary>Of one piece on its way.</summary>
    public int PieceBytes { get; init; } = 64 << 10;

    /// <summary>On the way to one member without an answer.</summary>
    public int WindowBytes { get; init; } = 2 << 20;
}

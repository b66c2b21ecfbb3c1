using Balsa.Storage.Steps;

namespace Balsa.Storage.Snapshots;

/// <summary>Why a piece of work on a snapshot came to nothing.</summary>
public enum SnapshotProblemKind : byte
{
    /// <summary>A step of the disk failed.</summary>
    DiskFailed = 1,

    /// <summary>The file holds something that was not written like this.</summary>
    Damaged,

    /// <summary>Written by a newer build. That is no damage: an older snapshot must not be used in its place.</summary>
    UnknownVersion,

    /// <summary>Of another cluster or group. Somebody put it there.</summary>
    Foreign,

    /// <summary>Parts of it have not arrived yet.</summary>
    Incomplete,

    /// <summary>The caller did not want it any more.</summary>
    Abandoned,
}

/// <summary>What is wrong, and where.</summary>
public sealed record SnapshotProblem(SnapshotProblemKind Kind, string File, string Reason)
{
    /// <summary>The number of the block, or -1 for the head.</summary>
    public long Block { get; init; } = -1;

    /// <summary>Where the part of the file begins that is wrong.</summary>
    public long Offset { get; init; }

    public IoSite Site { get; init; }

    public DiskError Error { get; init; }

    /// <summary>Whether an older snapshot may take its place: the log reaches back to it.</summary>
    public bool MayFallBack => Kind is SnapshotProblemKind.Damaged or SnapshotProblemKind.DiskFailed;

    internal static SnapshotProblem OfStep(IoStep step) =>
        new(SnapshotProblemKind.DiskFailed, step.Path, $"{step} failed: {step.Error} (error {step.ErrorNumber} at {step.Site})")
        {
            Offset = step.Offset, Site = step.Site, Error = step.Error,
        };

    public override string ToString() => Kind switch
    {
        SnapshotProblemKind.DiskFailed => $"{Reason}.",
        SnapshotProblemKind.Damaged => $"{File} is damaged in {(Block < 0 ? "its head" : $"block {Block}")}, at byte {Offset}: {Reason}.",
        _ => $"{File} cannot be used: {Reason}.",
    };
}

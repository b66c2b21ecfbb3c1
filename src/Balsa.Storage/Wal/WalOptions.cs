using Balsa.Raft.Identity;
using Balsa.Storage.Wal.Format;

namespace Balsa.Storage.Wal;

/// <summary>Sizes and times of the log.</summary>
public sealed record WalOptions
{
    public GroupId Group { get; init; }

    /// <summary>Of one file of the log. Room for it is taken before it is needed.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>The unit that parts of a segment's head keep away from each other, so that one torn write cannot hit two.</summary>
    public int BlockBytes { get; init; } = 4096;

    /// <summary>Segments that are kept ready.</summary>
    public int SpareSegments { get; init; } = 1;

    /// <summary>How long nothing must have come for the log to be closed, in ticks of 100 ns.</summary>
    public long CloseAfterTicks { get; init; } = TimeSpan.TicksPerMillisecond * 5;

    /// <summary>How long the making of a spare leaves the disk to others after every piece, in ticks of 100 ns.</summary>
    public long SparePauseTicks { get; init; } = TimeSpan.TicksPerMillisecond * 5;

    /// <summary>How long to wait for room on the disk before it is tried again.</summary>
    public long RetryTicks { get; init; } = TimeSpan.TicksPerMillisecond * 500;

    /// <summary>A batch is taken to the disk when it has this many bytes, even if more waits.</summary>
    public int BatchBytesMax { get; init; } = 8 << 20;

    /// <summary>The largest record: a quarter of a segment is kept for what a new one begins with.</summary>
    public int RecordBytesMax => SegmentBytes - SegmentBytes / 4 - 3 * BlockBytes;

    /// <summary>When no spare can be made and less than this is left, proposals are refused: the rest is for terms and votes.</summary>
    public int ReserveBytes => SegmentBytes / 4;

    /// <summary>Throws when the log cannot work so; the message names the option, the value and the rule.</summary>
    public WalOptions Validated()
    {
        Require(BlockBytes is >= SegmentHead.BlockBytesMin and <= SegmentHead.BlockBytesMax && int.IsPow2(BlockBytes),
            nameof(BlockBytes), BlockBytes, $"must be a power of two from {SegmentHead.BlockBytesMin} to {SegmentHead.BlockBytesMax}");
        Require(SegmentBytes >= 8 * BlockBytes && SegmentBytes <= 1 << 30 && SegmentBytes % BlockBytes == 0,
            nameof(SegmentBytes), SegmentBytes, $"must be a multiple of BlockBytes ({BlockBytes}), at least 8 of them, at most 1 GiB");
        Require(SpareSegments is >= 1 and <= 64, nameof(SpareSegments), SpareSegments, "must be from 1 to 64");
        Require(CloseAfterTicks > 0, nameof(CloseAfterTicks), CloseAfterTicks, "must be above 0");
        Require(SparePauseTicks >= 0, nameof(SparePauseTicks), SparePauseTicks, "must not be negative");
        Require(RetryTicks > 0, nameof(RetryTicks), RetryTicks, "must be above 0");
        Require(BatchBytesMax > 0, nameof(BatchBytesMax), BatchBytesMax, "must be above 0");
        return this;
    }

    private static void Require(bool holds, string option, long value, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(option, value, $"{option} is {value} and {rule}.");
    }
}

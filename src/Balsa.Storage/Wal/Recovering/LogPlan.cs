using Balsa.Storage.Wal.Format;

namespace Balsa.Storage.Wal.Recovering;

/// <summary>A file of the log's directory, as its name and head show it.</summary>
internal sealed record FoundSegment(ulong Sequence, long Length, SegmentHead? Head, uint HeadChecksum);

/// <summary>One segment to read, and where the next one says that it ends; null for the last, and where nobody can say.</summary>
internal readonly record struct PlannedSegment(FoundSegment Segment, LogPlace? End, bool GapBefore);

/// <summary>
/// Which segments make up the log, in order: from the newest one back, each says where it continued from. Those that
/// nobody continues from are void: left behind when the log went on elsewhere after damage.
/// </summary>
internal sealed class LogPlan
{
    internal List<PlannedSegment> Segments { get; } = [];

    internal List<ulong> Void { get; } = [];

    /// <param name="found">By ascending sequence; at least one.</param>
    internal static LogPlan Of(IReadOnlyList<FoundSegment> found)
    {
        var plan = new LogPlan();
        var at = found.Count - 1;
        LogPlace? end = null;
        while (true)
        {
            var (next, gap) = Before(found, at, out var place);
            plan.Segments.Add(new PlannedSegment(found[at], end, gap));
            for (var skipped = at - 1; skipped > next; skipped--) plan.Void.Add(found[skipped].Sequence);
            if (next < 0) break;
            (at, end) = (next, place);
        }

        plan.Segments.Reverse();
        plan.DropUnreadableBeginning();
        return plan;
    }

    /// <summary>The segment before this one, or -1; whether one is missing in between; and where it ends, if that is known.</summary>
    private static (int Next, bool Gap) Before(IReadOnlyList<FoundSegment> found, int at, out LogPlace? end)
    {
        end = null;
        if (found[at].Head is not { } head) return (at - 1, true);
        if (head.Previous.Sequence == 0) return (-1, false);
        for (var i = at - 1; i >= 0; i--)
        {
            if (found[i].Sequence > head.Previous.Sequence) continue;
            if (found[i].Sequence < head.Previous.Sequence) return (i, true);
            end = head.Previous;
            return (i, false);
        }

        return (-1, false);
    }

    /// <summary>Reading cannot begin in a segment without a head. Whether it is missed, the base will tell.</summary>
    private void DropUnreadableBeginning()
    {
        while (Segments.Count > 1 && Segments[0].Segment.Head is null)
        {
            Void.Add(Segments[0].Segment.Sequence);
            Segments.RemoveAt(0);
            Segments[0] = Segments[0] with { GapBefore = false };
        }
    }
}

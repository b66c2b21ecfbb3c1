using Balsa.Raft.Log;
using Balsa.Storage.Snapshots.Retention;

namespace Balsa.Storage.Tests.Snapshots;

/// <summary>When a snapshot is due, and how much log stays.</summary>
public sealed class RetentionTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(64 * MiB, 0, false)]
    [InlineData(64 * MiB + 1, 0, true)]
    [InlineData(64 * MiB + 1, 128 * MiB, true)]
    [InlineData(100 * MiB, 200 * MiB, false)]
    [InlineData(100 * MiB + 1, 200 * MiB, true)]
    public void A_snapshot_is_due_by_bytes(long logBytes, long lastSnapshot, bool isDue) =>
        Assert.Equal(isDue, new RetentionPolicy(new RetentionOptions()).IsSnapshotDue(logBytes, 10, lastSnapshot));

    [Fact]
    public void A_snapshot_is_due_by_entries_when_that_was_asked_for()
    {
        var policy = new RetentionPolicy(new RetentionOptions { SnapshotCount = 100 });
        Assert.False(policy.IsSnapshotDue(1, 99, 0));
        Assert.True(policy.IsSnapshotDue(1, 100, 1000 * MiB));
        Assert.False(new RetentionPolicy(new RetentionOptions()).IsSnapshotDue(1, 1_000_000, 0));
        Assert.False(new RetentionPolicy(new RetentionOptions { SnapshotCount = 0 }).IsSnapshotDue(0, 0, 0));
    }

    /// <summary>Keys are written at random; the state grows, stays or shrinks; a snapshot costs what the state has.</summary>
    [Fact]
    public void Everything_written_stays_below_four_times_the_log()
    {
        const int frame = 40, headBytes = 4096;
        var worst = 0.0;
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var options = new RetentionOptions { LogBytesBetween = random.Next(20_000, 2_000_000) };
            var policy = new RetentionPolicy(options);
            var values = new int[random.Next(1, 20_000)];
            long state = 0, log = 0, since = 0, snapshots = 0, last = 0;
            ulong entries = 0;
            var (valueMax, deletes) = (random.Next(1, 2_000), random.NextDouble() * 0.6);
            for (var i = 0; i < 30_000; i++)
            {
                var key = random.Next(values.Length);
                var value = random.NextDouble() < deletes ? 0 : 16 + random.Next(valueMax);
                state += value - values[key];
                values[key] = value;
                log += value + frame;
                since += value + frame;
                if (!policy.IsSnapshotDue(since, ++entries, last)) continue;
                // A block header of 32 bytes for 256 KiB, a head and an end.
                last = state + state / 8192 + headBytes;
                snapshots += last;
                (since, entries) = (0, 0);
                worst = Math.Max(worst, (log + snapshots) / (double)log);
            }
        }

        Assert.True(worst < 4, $"{worst}");
        // The workloads come near the limit, or they would show nothing.
        Assert.True(worst > 3.5, $"{worst}");
    }

    [Fact]
    public void The_log_is_kept_back_to_the_oldest_snapshot_and_to_transfers()
    {
        var policy = new RetentionPolicy(new RetentionOptions());
        LogPoint[] snapshots = [Point(200, 5 * MiB), Point(100, 9 * MiB)];
        Assert.Equal(new LogIndex(100), policy.CompactionBoundary(snapshots, []));
        Assert.Equal(new LogIndex(50), policy.CompactionBoundary(snapshots, [Point(200, 5 * MiB), Point(50, 20 * MiB)]));
        Assert.Equal(LogIndex.Zero, policy.CompactionBoundary([], [Point(50, MiB)]));
    }

    [Fact]
    public void The_bound_on_bytes_wins_but_never_over_the_newest_snapshot()
    {
        var policy = new RetentionPolicy(new RetentionOptions { LogBytesKept = 10 * MiB });
        LogPoint[] snapshots = [Point(100, 30 * MiB), Point(200, 8 * MiB)];
        Assert.Equal(new LogIndex(200), policy.CompactionBoundary(snapshots, [Point(50, 50 * MiB)]));
        Assert.Equal(new LogIndex(150), policy.CompactionBoundary(snapshots, [Point(150, 10 * MiB)]));
        Assert.Equal(new LogIndex(200), policy.CompactionBoundary([Point(100, 90 * MiB), Point(200, 80 * MiB)], []));
    }

    /// <summary>Said over all inputs: never beyond the newest snapshot, and within the bound unless the newest itself is not.</summary>
    [Fact]
    public void The_boundary_keeps_its_promises_on_random_inputs()
    {
        var random = new Random(5);
        for (var round = 0; round < 5_000; round++)
        {
            var bound = random.Next(1, 1_000);
            var policy = new RetentionPolicy(new RetentionOptions { LogBytesKept = bound });
            var bytesAfter = random.Next(0, 50);
            LogPoint At(int index) => Point((ulong)index, bytesAfter + (100 - index) * 15);
            LogPoint[] snapshots = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => At(random.Next(1, 101)))];
            LogPoint[] transfers = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => At(random.Next(1, 101)))];
            var boundary = policy.CompactionBoundary(snapshots, transfers);
            var newest = snapshots.Length == 0 ? LogIndex.Zero : snapshots.Max(s => s.Index);
            Assert.True(boundary <= newest);
            if (boundary < newest) Assert.True(At((int)boundary.Value).LogBytesAfter <= bound);
            foreach (var point in (LogPoint[])[.. snapshots, .. transfers])
                Assert.True(point.LogBytesAfter > bound || boundary <= point.Index);
        }
    }

    [Fact]
    public void A_footprint_adds_up() => Assert.Equal(15, new DiskFootprint(8, 4, 2, 1).TotalBytes);

    private static LogPoint Point(ulong index, long logBytesAfter) => new(new LogIndex(index), logBytesAfter);
}

using System.Diagnostics;
using Balsa.Storage.Disks;
using Balsa.Storage.Lanes;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Lanes;

/// <summary>The lane waits, is woken, measures and fails as it says. A lane that hangs fails its test after the patience.</summary>
public sealed class IoLaneTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Exception? _failure;

    [Fact]
    public void A_wake_that_comes_before_the_wait_is_not_lost()
    {
        var timedOut = true;
        var lane = Lane(Job());
        lane.Wake();
        lane.Start();
        Finish(lane);
        Assert.False(timedOut);

        IEnumerable<IoStep> Job()
        {
            var step = new IoStep();
            yield return step.Wait();
            timedOut = step.TimedOut;
        }
    }

    [Fact]
    public void One_wake_ends_one_wait()
    {
        List<bool> timedOut = [];
        var lane = Lane(Job());
        lane.Wake();
        lane.Wake();
        lane.Start();
        Finish(lane);
        Assert.Equal([false, true, true], timedOut);

        IEnumerable<IoStep> Job()
        {
            var step = new IoStep();
            for (var i = 0; i < 3; i++)
            {
                yield return step.Wait(i * TimeSpan.TicksPerMillisecond);
                timedOut.Add(step.TimedOut);
            }
        }
    }

    [Fact]
    public void Every_piece_of_news_is_seen_however_the_threads_meet()
    {
        const int News = 100_000;
        var (told, seen) = (0, 0);
        var lane = Lane(Job());
        lane.Start();
        for (var i = 0; i < News; i++)
        {
            Interlocked.Increment(ref told);
            lane.Wake();
        }

        Finish(lane);
        Assert.Equal(News, seen);

        IEnumerable<IoStep> Job()
        {
            var step = new IoStep();
            while (seen < News)
            {
                if (seen == Volatile.Read(ref told)) yield return step.Wait();
                seen = Volatile.Read(ref told);
            }
        }
    }

    [Fact]
    public void A_wait_without_news_lasts_until_its_end()
    {
        var (timedOut, lasted) = (false, TimeSpan.Zero);
        var lane = Lane(Job());
        lane.Start();
        Finish(lane);
        Assert.True(timedOut);
        Assert.True(lasted >= TimeSpan.FromMilliseconds(20), $"It lasted only {lasted}.");

        IEnumerable<IoStep> Job()
        {
            var step = new IoStep();
            var begun = Stopwatch.GetTimestamp();
            yield return step.Wait(20 * TimeSpan.TicksPerMillisecond);
            (timedOut, lasted) = (step.TimedOut, Stopwatch.GetElapsedTime(begun));
        }
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(Timeout.Infinite)]
    public void A_wait_of_any_length_ends_with_a_wake(long ticks)
    {
        var timedOut = true;
        var lane = Lane(Job());
        lane.Start();
        Assert.False(lane.TryJoin(TimeSpan.FromMilliseconds(20)));
        lane.Wake();
        Finish(lane);
        Assert.False(timedOut);

        IEnumerable<IoStep> Job()
        {
            var step = new IoStep();
            yield return step.Wait(ticks);
            timedOut = step.TimedOut;
        }
    }

    [Fact]
    public void A_planner_that_throws_is_reported_once_and_nothing_more_is_carried_out()
    {
        List<Exception> failures = [];
        var disk = new GatedDisk(stalls: false) { Error = DiskError.Io };
        var lane = new IoLane("test", Job(), disk, failures.Add);
        lane.Start();
        lane.Join();
        lane.Wake();
        var problem = Assert.IsType<StorageException>(Assert.Single(failures));
        Assert.Equal((IoSite.SyncBatch, DiskError.Io), (problem.Site, problem.Error));
        Assert.Equal(1, disk.Executed);
        Assert.Equal(0, lane.InStepSinceTicks);

        static IEnumerable<IoStep> Job()
        {
            var (step, file) = (new IoStep(), new StoredFile("a"));
            while (true)
            {
                yield return step.Sync(IoSite.SyncBatch, file);
                step.OrStop();
            }
        }
    }

    [Fact]
    public void A_disk_that_throws_is_reported_and_the_planner_is_not_asked_again()
    {
        List<Exception> failures = [];
        var asked = 0;
        var lane = new IoLane("test", Job(), new GatedDisk(stalls: false) { Throws = true }, failures.Add);
        lane.Start();
        lane.Join();
        Assert.IsType<InvalidOperationException>(Assert.Single(failures));
        Assert.Equal((1, 0), (asked, lane.InStepSinceTicks));

        IEnumerable<IoStep> Job()
        {
            var step = new IoStep();
            while (true)
            {
                asked++;
                yield return step.Delete(IoSite.DeleteFreed, "a");
            }
        }
    }

    [Fact]
    public void Whoever_watches_sees_since_when_a_step_stalls_and_how_long_a_sync_took()
    {
        using var disk = new GatedDisk(stalls: true);
        var lane = new IoLane("test", Job(), disk, Fail);
        var before = IoLane.NowTicks;
        Assert.Equal((0, 0), (lane.InStepSinceTicks, lane.LastSyncTicks));
        lane.Start();
        disk.AwaitStep();
        Assert.InRange(lane.InStepSinceTicks, before, IoLane.NowTicks);
        disk.Release();
        disk.AwaitStep();
        Assert.Equal(0, lane.LastSyncTicks);
        var stalledSince = lane.InStepSinceTicks;
        disk.Release();
        Finish(lane);
        Assert.InRange(lane.LastSyncTicks, 1, IoLane.NowTicks - stalledSince);
        Assert.Equal(0, lane.InStepSinceTicks);

        static IEnumerable<IoStep> Job()
        {
            var (step, file) = (new IoStep(), new StoredFile("a"));
            yield return step.Sync(IoSite.SyncSpare, file);
            yield return step.Sync(IoSite.SyncBatch, file);
        }
    }

    [Fact]
    public void Writing_syncing_reading_and_waiting_allocate_nothing()
    {
        using var scratch = new Scratch();
        long? allocated = null;
        IoLane? lane = null;
        lane = Lane(Job());
        lane.Start();
        Finish(lane);
        Assert.Equal(0, allocated);

        IEnumerable<IoStep> Job()
        {
            var (step, file) = (new IoStep(), new StoredFile(Path.Combine(scratch.Path, "a")));
            var (bytes, into) = (new byte[512], new byte[512]);
            yield return step.Create(IoSite.CreateSpare, file);
            for (var i = 0; i < 300; i++)
            {
                // The first rounds warm up the runtime.
                if (i == 100) allocated = -GC.GetAllocatedBytesForCurrentThread();
                yield return step.Write(IoSite.WriteBatch, file, i * 512, bytes);
                step.OrStop();
                yield return step.Sync(IoSite.SyncBatch, file);
                step.OrStop();
                yield return step.Read(IoSite.ReadEntries, file, i * 512, into);
                step.OrStop();
                yield return step.Wait(TimeSpan.TicksPerMicrosecond);
                lane!.Wake();
                yield return step.Wait();
            }

            allocated += GC.GetAllocatedBytesForCurrentThread();
            yield return step.Close(file);
        }
    }

    private IoLane Lane(IEnumerable<IoStep> work) => new("test", work, SystemDisk.Create(), Fail);

    private void Fail(Exception problem) => _failure = problem;

    private void Finish(IoLane lane)
    {
        Assert.True(lane.TryJoin(Patience));
        Assert.Null(_failure);
    }

    /// <summary>A disk that does nothing, and may do it slowly.</summary>
    private sealed class GatedDisk(bool stalls) : IDisk, IDisposable
    {
        private readonly SemaphoreSlim _reached = new(0), _released = new(0);

        public int Executed { get; private set; }

        public DiskError Error { get; init; }

        public bool Throws { get; init; }

        public void Execute(IoStep step)
        {
            Executed++;
            if (Throws) throw new InvalidOperationException("A disk must not throw, and this one does.");
            if (stalls)
            {
                _reached.Release();
                _released.Wait();
            }

            step.Fail(Error, Error == DiskError.None ? 0 : 5);
        }

        public void AwaitStep() => Assert.True(_reached.Wait(Patience));

        public void Release() => _released.Release();

        public void Dispose()
        {
            _reached.Dispose();
            _released.Dispose();
        }
    }
}

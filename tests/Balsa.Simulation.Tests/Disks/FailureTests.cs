using Balsa.Simulation.Disks;
using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Tests.Disks;

/// <summary>Steps that fail: D4 (sync), D5 and D10 (writes, no space), D6 (reads), D9 (stalls).</summary>
public sealed class FailureTests
{
    private readonly Tester _on = new();

    [Fact]
    public void After_a_failed_sync_the_pages_are_clean_and_no_later_sync_makes_them_durable()
    {
        _on.Make("d/a", Tester.Filled(600, 1));
        _on.Write("d/a", 0, 2);
        FailNext(DiskError.Io);
        Assert.Equal(DiskError.Io, _on.Sync("d/a"));
        Assert.Equal(DiskError.None, _on.Sync("d/a"));
        Assert.Equal(2, _on.Content("d/a")[0]);
        Assert.Equal(1, _on.Crashed(Survival.Nothing).Content("d/a")[0]);
        Assert.Equal(2, _on.Crashed(Survival.Everything).Content("d/a")[0]);

        _on.Write("d/a", 512, 3);
        _on.Sync("d/a");
        var after = _on.Crashed(Survival.Nothing).Content("d/a");
        Assert.Equal((1, 3), (after[0], after[512]));
    }

    [Fact]
    public void Writing_the_same_bytes_again_after_a_failed_sync_makes_them_durable()
    {
        _on.Make("d/a", 1);
        _on.Write("d/a", 0, 2);
        FailNext(DiskError.Io);
        _on.Sync("d/a");
        _on.Write("d/a", 0, 2);
        _on.Sync("d/a");
        Assert.Equal([2], _on.Crashed(Survival.Nothing).Content("d/a"));
    }

    [Fact]
    public void A_length_that_a_failed_sync_gave_up_stays_in_doubt()
    {
        _on.Make("d/a", 1);
        _on.Write("d/a", 1, 2);
        FailNext(DiskError.Io);
        _on.Sync("d/a");
        _on.Sync("d/a");
        Assert.Equal([1], _on.Crashed(Survival.Nothing).Content("d/a"));
        _on.Write("d/a", 2, 3);
        _on.Sync("d/a");
        Assert.Equal([1, 2, 3], _on.Crashed(Survival.Nothing).Content("d/a"));
    }

    [Fact]
    public void A_failed_sync_of_a_directory_makes_nothing_durable_and_the_next_one_everything()
    {
        _on.Create("d/a");
        FailNext(DiskError.Io);
        Assert.Equal(DiskError.Io, _on.SyncDirectory("d"));
        Assert.Equal([], _on.Crashed(Survival.Nothing).List("d"));
        Assert.Equal(DiskError.None, _on.SyncDirectory("d"));
        Assert.Equal(["a"], _on.Crashed(Survival.Nothing).List("d"));
    }

    [Fact]
    public void A_write_that_fails_may_leave_any_part_of_its_sectors()
    {
        var seen = new HashSet<string>();
        for (var seed = 0UL; seed < 200; seed++)
        {
            var on = new Tester(new FaultyDisk(new Dice(seed)));
            on.Disk.AddDirectory("d");
            on.Make("d/a", Tester.Filled(1024, 1));
            on.Disk.Faults.Plan(DiskFault.AtStep(1, DiskError.Io));
            Assert.Equal(DiskError.Io, on.Write("d/a", 0, Tester.Filled(1024, 2)));
            seen.Add($"{on.Content("d/a")[0]}{on.Content("d/a")[1023]}");
        }
        Assert.Equal(["11", "12", "21", "22"], seen.Order());
    }

    [Fact]
    public void A_full_disk_takes_a_beginning_and_nothing_more_until_there_is_room_again()
    {
        _on.Make("d/a", Tester.Filled(512, 1));
        _on.Disk.Faults.CapacityBytes = 1100;
        Assert.Equal(DiskError.NoSpace, _on.Write("d/a", 512, Tester.Filled(1024, 2)));
        Assert.Equal(1024, _on.Content("d/a").Length);
        Assert.Equal(DiskError.None, _on.Write("d/a", 0, Tester.Filled(1024, 3)));
        Assert.Equal(DiskError.None, _on.Write("d/a", 1024, 4));
        Assert.Equal(DiskError.NoSpace, _on.Write("d/a", 1025, Tester.Filled(100, 4)));
        _on.Disk.Faults.Heal();
        Assert.Equal(DiskError.None, _on.Write("d/a", 1025, Tester.Filled(100, 4)));
    }

    [Fact]
    public void A_disk_for_reading_only_changes_nothing_and_can_be_read()
    {
        _on.Make("d/a", 1);
        _on.Disk.Faults.IsReadOnly = true;
        var before = _on.Disk.HashOfContent();
        DiskError[] errors =
        [
            _on.Create("d/b"), _on.Write("d/a", 0, 2), _on.Rename("d/a", "d/b"), _on.Delete("d/a"), _on.MakeDirectory("d/e"),
            _on.Lock("d/LOCK"),
        ];
        Assert.All(errors, error => Assert.Equal(DiskError.ReadOnly, error));
        Assert.Equal(before, _on.Disk.HashOfContent());
        Assert.Equal(DiskError.None, _on.Read("d/a", 0, new byte[1]));
    }

    [Fact]
    public void A_failed_read_gives_no_bytes_that_could_be_taken_for_the_right_ones()
    {
        _on.Make("d/a", 1, 2);
        var into = new byte[2];
        FailNext(DiskError.Io);
        Assert.Equal(DiskError.Io, _on.Read("d/a", 0, into));
        Assert.DoesNotContain((byte)1, into);
        Assert.Equal(DiskError.None, _on.Read("d/a", 0, into));
        Assert.Equal([1, 2], into);
    }

    [Fact]
    public void The_nth_visit_of_a_site_fails_and_only_that_one()
    {
        _on.Make("d/a", 1);
        _on.Disk.Faults.Plan(DiskFault.At(IoSite.WriteClose, 2, DiskError.Io));
        _on.Site = IoSite.WriteClose;
        Assert.Equal(DiskError.None, _on.Write("d/a", 0, 1));
        _on.Site = IoSite.WriteBatch;
        Assert.Equal(DiskError.None, _on.Write("d/a", 0, 1));
        _on.Site = IoSite.WriteClose;
        Assert.Equal(DiskError.Io, _on.Write("d/a", 0, 1));
        Assert.Equal(DiskError.None, _on.Write("d/a", 0, 1));
        Assert.Equal((3, 1), (_on.Disk.Faults.Visits(IoSite.WriteClose), _on.Disk.Faults.Failures(IoSite.WriteClose)));
    }

    [Fact]
    public void A_lasting_fault_goes_on_until_it_is_healed()
    {
        _on.Make("d/a", 1);
        _on.Disk.Faults.Plan(new DiskFault { Kind = DiskFaultKind.Error, Error = DiskError.Io, IsLasting = true });
        for (var i = 0; i < 3; i++) Assert.Equal(DiskError.Io, _on.Sync("d/a"));
        _on.Disk.Faults.Heal();
        Assert.Equal(DiskError.None, _on.Sync("d/a"));
    }

    [Fact]
    public void A_stall_takes_its_time_and_does_its_work()
    {
        _on.Make("d/a", 1);
        _on.Write("d/a", 0, 2);
        _on.Disk.Faults.Plan(new DiskFault { Kind = DiskFaultKind.Stall, Ticks = TimeSpan.TicksPerMinute });
        _on.Sync("d/a");
        Assert.True(_on.Disk.Cost > TimeSpan.TicksPerMinute);
        Assert.Equal([2], _on.Crashed(Survival.Nothing).Content("d/a"));
        _on.Sync("d/a");
        Assert.True(_on.Disk.Cost < TimeSpan.TicksPerSecond);
    }

    [Fact]
    public void What_does_not_exist_is_not_found()
    {
        Assert.Equal(DiskError.NotFound, _on.Open("d/a"));
        Assert.Equal(DiskError.NotFound, _on.Delete("d/a"));
        Assert.Equal(DiskError.NotFound, _on.Rename("d/a", "d/b"));
        Assert.Equal(DiskError.NotFound, _on.Create("e/a"));
        Assert.Equal(DiskError.NotFound, _on.SyncDirectory("e"));
        Assert.Null(_on.Disk.Misuse);
    }

    [Fact]
    public void What_no_disk_can_be_asked_for_is_remembered()
    {
        _on.Make("d/a", 1);
        Assert.Equal(DiskError.Other, _on.Open("d/a"));
        Assert.Contains("open already", _on.Disk.Misuse, StringComparison.Ordinal);
        _on.Disk.Reset();
        Assert.Equal(DiskError.Other, _on.Write("d/never", 0, 1));
        Assert.Contains("not open", _on.Disk.Misuse, StringComparison.Ordinal);
    }

    private void FailNext(DiskError error) => _on.Disk.Faults.Plan(DiskFault.AtStep(1, error));
}

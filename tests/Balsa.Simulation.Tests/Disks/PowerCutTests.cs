using Balsa.Simulation.Disks;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Tests.Disks;

/// <summary>What the medium holds after the power was cut: D1 (unsynced data), D2 (torn writes), D3 (names).</summary>
public sealed class PowerCutTests
{
    private readonly Tester _on = new();

    [Fact]
    public void What_was_synced_survives_with_its_length_and_its_name()
    {
        _on.Make("d/a", Tester.Filled(700, 1));
        var after = _on.Crashed(Survival.Nothing);
        Assert.Equal(Tester.Filled(700, 1), after.Content("d/a"));
        Assert.True(after.Disk.IsCold);
    }

    [Fact]
    public void What_was_not_synced_is_lost_or_kept()
    {
        _on.Make("d/a", 1, 2, 3);
        _on.Write("d/a", 1, 9, 9, 9, 9);
        Assert.Equal([1, 9, 9, 9, 9], _on.Content("d/a"));
        Assert.Equal([1, 2, 3], _on.Crashed(Survival.Nothing).Content("d/a"));
        Assert.Equal([1, 9, 9, 9, 9], _on.Crashed(Survival.Everything).Content("d/a"));
    }

    [Fact]
    public void A_sync_covers_one_file_only()
    {
        _on.Make("d/a", 1);
        _on.Make("d/b", 1);
        _on.Write("d/a", 0, 2);
        _on.Write("d/b", 0, 2);
        _on.Sync("d/b");
        var after = _on.Crashed(Survival.Nothing);
        Assert.Equal([1], after.Content("d/a"));
        Assert.Equal([2], after.Content("d/b"));
    }

    [Fact]
    public void A_write_is_torn_at_sectors_in_every_way_and_nowhere_else()
    {
        _on.Make("d/a", Tester.Filled(1536, 1));
        _on.Write("d/a", 100, Tester.Filled(1300, 2));
        Assert.Equal(8, _on.Disk.CrashOutcomes(1000));
        var torn = _on.Outcomes(after => $"{after.Content("d/a")[511]}{after.Content("d/a")[512]}{after.Content("d/a")[1024]}");
        Assert.Equal(["111", "112", "121", "122", "211", "212", "221", "222"], torn);
        Assert.All(_on.Outcomes(after => $"{after.Content("d/a")[100] == after.Content("d/a")[511]}"), same => Assert.Equal("True", same));
    }

    [Fact]
    public void Any_version_of_a_sector_that_was_written_several_times_may_survive()
    {
        _on.Make("d/a", 1, 1);
        _on.Write("d/a", 0, 2);
        _on.Write("d/a", 1, 3);
        _on.Write("d/a", 0, 4);
        Assert.Equal(["1,1", "2,1", "2,3", "4,3"], _on.Outcomes(after => string.Join(',', after.Content("d/a"))));
        Assert.Equal(4, _on.Disk.CrashOutcomes(1000));
    }

    [Fact]
    public void The_length_survives_without_the_bytes_and_the_bytes_not_without_the_length()
    {
        _on.Make("d/a", 1);
        _on.Write("d/a", 600, 7);
        // The new sector is kept or not, the length is kept or not; without the length the sector cannot be seen.
        Assert.Equal(["1 byte", "601 bytes, 0", "601 bytes, 7"], _on.Outcomes(after =>
            after.Content("d/a") is { Length: > 1 } grown ? $"{grown.Length} bytes, {grown[^1]}" : "1 byte"));
        Assert.Equal(4, _on.Disk.CrashOutcomes(100));
    }

    [Fact]
    public void Bytes_that_went_with_the_length_do_not_come_back_when_the_file_grows_again()
    {
        _on.Make("d/a", 1);
        _on.Write("d/a", 1, 7, 7);
        var keepsBytes = new Picky([1, 0]);
        var after = _on.Crashed(keepsBytes);
        Assert.Equal([1], after.Content("d/a"));
        after.Open("d/a");
        after.Write("d/a", 3, 5);
        Assert.Equal([1, 0, 0, 5], after.Content("d/a"));
    }

    [Fact]
    public void A_prefix_keeps_the_steps_up_to_a_point_and_none_after_it()
    {
        _on.Make("d/a", Tester.Filled(1024, 0));
        _on.Write("d/a", 0, 1);
        var first = _on.Disk.Steps;
        _on.Write("d/a", 512, 1);
        _on.Write("d/a", 0, 2);
        var after = _on.Crashed(Survival.UpTo(first)).Content("d/a");
        Assert.Equal((1, 0), (after[0], after[512]));
        after = _on.Crashed(Survival.UpTo(first + 1)).Content("d/a");
        Assert.Equal((1, 1), (after[0], after[512]));
    }

    [Fact]
    public void A_random_subset_meets_every_outcome_and_repeats_itself()
    {
        _on.Make("d/a", Tester.Filled(1536, 1));
        _on.Write("d/a", 0, Tester.Filled(1536, 2));
        var seen = new HashSet<ulong>();
        for (var seed = 0UL; seed < 300; seed++)
        {
            var hash = _on.Crashed(Survival.AnySubset(new Dice(seed))).Disk.HashOfContent();
            Assert.Equal(hash, _on.Crashed(Survival.AnySubset(new Dice(seed))).Disk.HashOfContent());
            seen.Add(hash);
        }
        Assert.Equal(8, seen.Count);
    }

    [Fact]
    public void A_new_file_can_vanish_though_its_data_was_synced()
    {
        _on.Create("d/a");
        _on.Write("d/a", 0, 1);
        _on.Sync("d/a");
        Assert.False(_on.Crashed(Survival.Nothing).Has("d/a"));
        _on.SyncDirectory("d");
        Assert.Equal([1], _on.Crashed(Survival.Nothing).Content("d/a"));
    }

    [Fact]
    public void A_name_can_be_durable_before_the_content_is()
    {
        _on.Create("d/a");
        _on.Write("d/a", 0, 1);
        _on.SyncDirectory("d");
        Assert.Equal([], _on.Crashed(Survival.Nothing).Content("d/a"));
    }

    [Fact]
    public void A_rename_shows_the_old_file_or_the_new_one_and_never_neither()
    {
        _on.Make("d/a", 1);
        _on.Make("d/a.new", 2);
        _on.Rename("d/a.new", "d/a");
        Assert.Equal([2], _on.Content("d/a"));
        Assert.Equal(["1 and a.new", "2"], _on.Outcomes(after =>
            string.Join(',', after.Content("d/a")) + (after.Has("d/a.new") ? " and a.new" : "")));
        _on.SyncDirectory("d");
        Assert.Equal(["2"], _on.Outcomes(after => string.Join(',', after.Content("d/a"))));
    }

    [Fact]
    public void Changes_of_names_survive_in_any_subset_but_not_without_what_they_rest_on()
    {
        _on.Create("d/a");
        _on.Rename("d/a", "d/b");
        _on.Delete("d/b");
        _on.Create("d/c");
        // a is not made, made, renamed or deleted; c is made or not.
        Assert.Equal(8, _on.Disk.CrashOutcomes(100));
        Assert.Equal(["", "a", "a,c", "b", "b,c", "c"], _on.Outcomes(after => string.Join(',', after.List("d"))));
    }

    [Fact]
    public void A_directory_that_was_not_synced_takes_its_files_along()
    {
        Assert.Equal(DiskError.NotFound, _on.MakeDirectory("d/e/f"));
        _on.MakeDirectory("d/e");
        _on.MakeDirectory("d/e/f");
        _on.Create("d/e/f/a");
        _on.Sync("d/e/f/a");
        _on.SyncDirectory("d/e/f");
        _on.SyncDirectory("d/e");
        Assert.Equal([], _on.Crashed(Survival.Nothing).List("d"));
        _on.SyncDirectory("d");
        Assert.Equal(["a"], _on.Crashed(Survival.Nothing).List("d/e/f"));
    }

    [Fact]
    public void A_file_made_over_another_is_empty_only_when_that_was_synced()
    {
        _on.Make("d/a", 1, 2);
        _on.Close("d/a");
        _on.Create("d/a");
        Assert.Equal([], _on.Content("d/a"));
        Assert.Equal([1, 2], _on.Crashed(Survival.Nothing).Content("d/a"));
        _on.Sync("d/a");
        Assert.Equal([], _on.Crashed(Survival.Nothing).Content("d/a"));
    }

    [Fact]
    public void A_process_that_dies_loses_its_files_and_its_lock_but_nothing_that_it_wrote()
    {
        _on.Lock("d/LOCK");
        _on.Make("d/a", 1);
        _on.Write("d/a", 0, 2);
        Assert.Equal(DiskError.InUse, _on.Lock("d/LOCK", new StoredFile("d/LOCK")));
        _on.Disk.Kill();
        Assert.Equal([2], _on.Content("d/a"));
        Assert.Equal([1], _on.Crashed(Survival.Nothing).Content("d/a"));
        Assert.Equal(DiskError.None, _on.Lock("d/LOCK", new StoredFile("d/LOCK")));
        Assert.Null(_on.Disk.Misuse);
        Assert.Equal(DiskError.Other, _on.Write("d/a", 0, 3));
        Assert.NotNull(_on.Disk.Misuse);
    }

    [Fact]
    public void A_copy_is_the_same_disk_and_goes_its_own_way()
    {
        _on.Make("d/a", 1);
        _on.Write("d/a", 0, 2);
        _on.Create("d/b");
        var copy = _on.Crashed(Survival.Everything);
        Assert.Equal([2], copy.Content("d/a"));
        Assert.Equal([], copy.Content("d/b"));
        Assert.Equal(4, _on.Disk.CrashOutcomes(100));
        _on.Disk.Crash(Survival.Nothing);
        Assert.Equal([1], _on.Content("d/a"));
        Assert.Equal([2], copy.Content("d/a"));
    }

    [Fact]
    public void An_empty_disk_that_was_used_is_as_good_as_new()
    {
        ulong Run()
        {
            _on.Disk.AddDirectory("x");
            var on = new Tester(_on.Disk);
            on.Create("x/a");
            on.Write("x/a", 300, Tester.Filled(400, 3));
            on.Sync("x/a");
            on.Write("x/a", 0, 5);
            Assert.Equal(4, on.Disk.CrashOutcomes(100));
            return on.Disk.HashOfContent() ^ on.Disk.Trace;
        }
        _on.Disk.Reset();
        var first = Run();
        _on.Disk.Reset();
        Assert.Equal(first, Run());
    }

    /// <summary>Says what each question gets, in order.</summary>
    private sealed class Picky(int[] answers) : ISurvival
    {
        private int _at;

        public int Choose(ReadOnlySpan<long> steps) => answers[_at++];
    }
}

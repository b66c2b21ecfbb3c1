using Balsa.Simulation.Disks;
using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Tests.Disks;

/// <summary>A medium that changes or never held what it confirmed: D7 (rot) and D8 (lost, misdirected and stale writes).</summary>
public sealed class DamageTests
{
    private readonly Tester _on = new();

    [Fact]
    public void A_flipped_bit_is_one_bit_in_the_range()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var on = Prepared();
            var before = on.Content("d/a");
            var damage = new Corruptor(on.Disk, new Dice(seed)).Do(DamageKind.BitFlip, "d/a", 600, 610);
            var changed = Changed(before, on.Content("d/a"));
            Assert.Equal([(int)damage.Offset], changed);
            Assert.InRange(damage.Offset, 600, 609);
            Assert.Equal(1, System.Numerics.BitOperations.PopCount((uint)(before[changed[0]] ^ on.Content("d/a")[changed[0]])));
        }
    }

    [Theory]
    [InlineData((int)DamageKind.SectorZeroed)]
    [InlineData((int)DamageKind.SectorGarbage)]
    [InlineData((int)DamageKind.StaleSector)]
    [InlineData((int)DamageKind.LostWrite)]
    [InlineData((int)DamageKind.MisdirectedWrite)]
    [InlineData((int)DamageKind.Truncated)]
    [InlineData((int)DamageKind.Deleted)]
    [InlineData((int)DamageKind.OldFile)]
    public void A_damage_is_where_it_says_and_survives_the_next_power_cut(int kind)
    {
        var hits = 0;
        for (var seed = 0UL; seed < 60; seed++)
        {
            var on = Prepared();
            var before = (A: on.Content("d/a"), B: on.Content("d/b"));
            var damage = new Corruptor(on.Disk, new Dice(seed)).Do((DamageKind)kind);
            if (damage.IsNothing) continue;
            hits++;
            on.Disk.Crash(Survival.Nothing);
            if ((DamageKind)kind == DamageKind.Deleted)
            {
                Assert.False(on.Has(damage.Path));
                continue;
            }
            foreach (var (path, old) in new[] { ("d/a", before.A), ("d/b", before.B) })
            {
                foreach (var at in Changed(old, on.Content(path)))
                {
                    var isMissing = path == damage.Path && at >= damage.Offset && at < damage.Offset + damage.Length;
                    var isLanded = path == damage.LandedIn && at >= damage.LandedAt && at < damage.LandedAt + 512;
                    Assert.True(isMissing || isLanded, $"seed {seed}: {path} changed at {at}, but {damage}");
                }
            }
            Assert.NotEmpty(Changed(damage.Path == "d/a" ? before.A : before.B, on.Content(damage.Path)));
        }
        Assert.InRange(hits, 20, 60);
    }

    [Fact]
    public void Identical_bytes_are_no_damage()
    {
        _on.Make("d/a", new byte[512]);
        _on.Disk.Crash(Survival.Nothing);
        var before = _on.Disk.HashOfContent();
        var corruptor = new Corruptor(_on.Disk, new Dice(1));
        Assert.True(corruptor.Do(DamageKind.SectorZeroed).IsNothing);
        Assert.True(corruptor.Do(DamageKind.StaleSector).IsNothing);
        Assert.Equal(before, _on.Disk.HashOfContent());
        Assert.True(new Corruptor(new FaultyDisk(), new Dice(1)).Do(DamageKind.BitFlip).IsNothing);
    }

    [Fact]
    public void A_stale_sector_holds_something_that_it_once_held()
    {
        var seen = new SortedSet<byte>();
        for (var seed = 0UL; seed < 40; seed++)
        {
            var on = Versions();
            var damage = new Corruptor(on.Disk, new Dice(seed)).Do(DamageKind.StaleSector);
            Assert.Equal(0, damage.Offset);
            seen.Add(on.Content("d/a")[0]);
        }
        Assert.Equal([0, 1, 2, 3], seen);
    }

    [Fact]
    public void An_old_file_is_as_it_was_at_one_time_with_its_length()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (var seed = 0UL; seed < 60; seed++)
        {
            var on = Versions();
            new Corruptor(on.Disk, new Dice(seed)).Do(DamageKind.OldFile);
            var content = on.Content("d/a");
            seen.Add(content.Length == 0 ? "empty" : $"{content[0]} {content.Length}");
        }
        Assert.Equal(["1 512", "2 512", "3 1024", "empty"], seen);
    }

    [Fact]
    public void Lost_is_the_whole_of_what_one_sync_made_durable()
    {
        _on.Make("d/a", Tester.Filled(1536, 1));
        _on.Write("d/a", 0, Tester.Filled(1100, 2));
        _on.Sync("d/a");
        _on.Disk.Crash(Survival.Nothing);
        var damage = new Corruptor(_on.Disk, new Dice(1)).Do(DamageKind.LostWrite);
        Assert.Equal((0, 1100), (damage.Offset, damage.Length));
        Assert.Equal(Tester.Filled(1536, 1), _on.Content("d/a"));
    }

    [Fact]
    public void A_write_lost_while_running_is_read_and_synced_and_gone_after_the_power_cut()
    {
        _on.Make("d/a", Tester.Filled(1024, 1));
        _on.Disk.Faults.Plan(new DiskFault { Kind = DiskFaultKind.LostWrite });
        _on.Sync("d/a");
        _on.Write("d/a", 0, Tester.Filled(512, 2));
        _on.Sync("d/a");
        Assert.Equal(2, _on.Content("d/a")[0]);
        Assert.True(_on.Disk.IsCold);
        var after = _on.Crashed(Survival.Everything);
        Assert.Equal(Tester.Filled(1024, 1), after.Content("d/a"));
        Assert.True(after.Disk.Names.Find("d/a")!.TryFindDamage(out var offset, out var length));
        Assert.Equal((0, 512), (offset, length));
        // The page is still in memory: who writes to it again writes all of it.
        _on.Write("d/a", 5, 3);
        _on.Sync("d/a");
        after = _on.Crashed(Survival.Nothing);
        Assert.Equal((2, 3), (after.Content("d/a")[0], after.Content("d/a")[5]));
        Assert.False(after.Disk.Names.Find("d/a")!.TryFindDamage(out _, out _));
    }

    [Fact]
    public void A_write_misdirected_while_running_is_found_elsewhere_after_the_power_cut()
    {
        for (var seed = 1UL; seed < 30; seed++)
        {
            var on = new Tester(new FaultyDisk(new Dice(seed)));
            on.Disk.AddDirectory("d");
            on.Make("d/a", Tester.Filled(1536, 1));
            on.Make("d/b", Tester.Filled(1536, 2));
            on.Disk.Faults.Plan(new DiskFault { Kind = DiskFaultKind.MisdirectedWrite });
            on.Write("d/a", 512, Tester.Filled(512, 3));
            on.Sync("d/a");
            Assert.Equal(3, on.Content("d/a")[512]);
            var after = on.Crashed(Survival.Nothing);
            Assert.Equal(1, after.Content("d/a")[512]);
            var found = after.Content("d/a").Concat(after.Content("d/b")).Count(value => value == 3);
            Assert.Equal(512, found);
        }
    }

    [Fact]
    public void Only_a_disk_at_rest_can_be_damaged()
    {
        _on.Make("d/a", 1);
        _on.Write("d/a", 0, 2);
        Assert.Throws<InvalidOperationException>(() => new Corruptor(_on.Disk, new Dice(1)).Do(DamageKind.BitFlip));
    }

    /// <summary>Two files with a past, at rest.</summary>
    private static Tester Prepared()
    {
        var on = new Tester();
        foreach (var path in new[] { "d/a", "d/b" })
        {
            on.Make(path, Tester.Random(new Dice(1), 2000));
            on.Write(path, 400, Tester.Random(new Dice(2), 700));
            on.Sync(path);
            on.Write(path, 1900, Tester.Random(new Dice(3), 400));
            on.Sync(path);
        }
        on.Disk.Crash(Survival.Nothing);
        return on;
    }

    /// <summary>One sector that held 1, 2, 3 and 4, in a file that grew once.</summary>
    private static Tester Versions()
    {
        var on = new Tester();
        on.Make("d/a", Tester.Filled(512, 1));
        on.Write("d/a", 0, Tester.Filled(512, 2));
        on.Sync("d/a");
        on.Write("d/a", 0, Tester.Filled(512, 3));
        on.Write("d/a", 512, new byte[512]);
        on.Sync("d/a");
        on.Write("d/a", 0, Tester.Filled(512, 4));
        on.Sync("d/a");
        on.Disk.Crash(Survival.Nothing);
        return on;
    }

    private static List<int> Changed(byte[] before, byte[] after)
    {
        var changed = new List<int>();
        for (var i = 0; i < Math.Max(before.Length, after.Length); i++)
            if (i >= before.Length || i >= after.Length || before[i] != after[i]) changed.Add(i);
        return changed;
    }
}

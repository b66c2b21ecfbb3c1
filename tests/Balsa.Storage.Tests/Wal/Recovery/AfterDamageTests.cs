using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Recovery;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Wal.Recovery;

/// <summary>What a start may believe when files vanish, bytes are wrong and starts are cut off: each once was wrong.</summary>
public sealed class AfterDamageTests
{
    private const string First = "/data/wal/0000000000000001.wal", Second = "/data/wal/0000000000000002.wal";

    [Fact]
    public void A_segment_that_a_start_began_is_missed()
    {
        var world = new LogWorld().Open().Append(1, 1).Append(2, 3);
        // The first record of the last batch is torn, the second is there: what a crash leaves of an unsynced batch.
        var last = world.Disk[First].AsSpan().LastIndexOfAnyExcept((byte)0) / 8 * 8 + 8;
        world.Disk[First][last - 160 + 60] ^= 1;
        world.Reopen().Write(LogWorld.Vote(9, 3));
        Assert.Contains(Second, world.Disk.Names);
        world.Disk.Remove(Second);
        world.Reopen();
        Assert.True(world.Log.Damage is not null, $"vote {world.Log.HardState}, boot {world.Log.Boot}, {world.Log.Mode}");
    }

    [Fact]
    public void A_segment_begun_just_before_a_kill_is_missed()
    {
        var world = new LogWorld().Open();
        world.Disk.Fault = step => step.Site == IoSite.WriteClose ? DiskError.Io : DiskError.None;
        Assert.Throws<StorageException>(() => world.Append(1, 100, bytes: 100));
        world.Disk.Fault = _ => DiskError.None;
        world = new LogWorld { Disk = world.Disk }.Reopen().Write(LogWorld.Vote(9, 3));
        Assert.Contains(Second, world.Disk.Names);
        world.Disk.Remove(Second);
        world.Reopen();
        Assert.True(world.Log.Damage is not null, $"vote {world.Log.HardState}, boot {world.Log.Boot}, {world.Log.Mode}");
    }

    [Fact]
    public void A_cluster_member_is_not_told_to_accept_a_loss()
    {
        var world = new LogWorld().Open().Append(1, 2).Stop();
        world.Disk[First][1536 + 60] ^= 1;
        var problem = Record.Exception(() => world.Reopen());
        Assert.DoesNotContain("accept", problem?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_behind_the_damage_is_not_forgotten()
    {
        var world = new LogWorld().Open().Append(1, 40, bytes: 100).Write(LogWorld.BeginAfter(20, 1)).Append(41, 100, bytes: 100)
            .Write(LogWorld.BeginAfter(90, 1)).Append(101, 110, bytes: 100);
        var oldest = world.Disk.Names.First(name => name.EndsWith(".wal", StringComparison.Ordinal));
        world.Disk[oldest][1536 + 500] ^= 1;
        world.Reopen();
        Assert.Equal(LogWorld.IdOf(90, 1), world.Log.Base);
    }

    [Fact]
    public void What_a_failed_sync_left_in_the_cache_is_written_again_before_it_is_synced()
    {
        var world = new LogWorld().Open().Append(1, 1);
        world.Disk.Fault = step => step.Site == IoSite.SyncBatch ? DiskError.Io : DiskError.None;
        Assert.Throws<StorageException>(() => world.Append(2, 2));
        world.Disk.Fault = _ => DiskError.None;
        world.Disk.Done.Clear();
        world = new LogWorld { Disk = world.Disk }.Reopen();
        // The kernel has marked the pages of entry 2 clean: to sync them is to do nothing. The start counts it all the same.
        Assert.Equal(2UL, world.Log.Last.Index.Value);
        var sync = world.Disk.Done.FindIndex(done => done == (IoSite.SyncRecovered, StepKind.Sync));
        Assert.Contains(world.Disk.Done[..sync], done => done.Kind == StepKind.Write);
    }

    [Fact]
    public void A_boot_is_never_used_twice()
    {
        var world = new LogWorld().Open().Append(1, 100, bytes: 100).Stop();
        var newest = world.Disk.Names.Last(name => name.EndsWith(".wal", StringComparison.Ordinal));
        var before = world.Disk.Copy();
        // Boot 2 is in the newest file, which is then lost together with the mark that the log had been closed.
        world.Reopen().Append(101, 200, bytes: 100).Stop();
        world.Reopen();
        Assert.Equal(3UL, world.Log.Boot.Value);
        world.Append(201, 202).Stop();
        newest = world.Disk.Names.Last(name => name.EndsWith(".wal", StringComparison.Ordinal));
        world.Disk.Remove(newest);
        world.Reopen();
        Assert.True(world.Log.Boot.Value > 3, $"boot {world.Log.Boot}, {world.Log.Damage}");
    }

    [Fact]
    public void One_bit_in_the_format_is_damage()
    {
        var world = new LogWorld().Open().Append(1, 100, bytes: 100).Stop();
        world.Disk[Second][9] ^= 1;
        world.Reopen();
        Assert.Equal(RecoveryMode.Repairing, world.Log.Mode);
    }

    [Fact]
    public void What_a_segment_begins_with_is_never_torn()
    {
        var world = new LogWorld().Open().Append(1, 100, bytes: 100).Stop();
        world.Disk[First][1536 + 700] ^= 1;
        world.Disk.Kill();
        // Killed after the new segment has its name and before the number of the start is written.
        world.Disk.Fault = step => step.Site == IoSite.WriteBatch ? DiskError.Io : DiskError.None;
        Assert.Throws<StorageException>(() => world.Open());
        world.Disk.Fault = _ => DiskError.None;
        world.Disk.Kill();
        var newest = world.Disk.Names.Last(name => name.EndsWith(".wal", StringComparison.Ordinal));
        var end = world.Disk[newest].AsSpan().LastIndexOfAnyExcept((byte)0) / 8 * 8 + 8;
        world.Disk[newest][end - 16] ^= 1;
        world.Open();
        Assert.NotEqual(RecoveryMode.Intact, world.Log.Mode);
    }

    [Fact]
    public void Void_segments_are_set_aside_after_a_second_crash()
    {
        var world = new LogWorld().Open().Append(1, 100, bytes: 100).Stop();
        world.Disk[First][1536 + 700] ^= 1;
        world.Disk.Kill();
        world.Disk.Fault = step => step.Site == IoSite.RenameDamaged ? DiskError.Io : DiskError.None;
        Assert.Throws<StorageException>(() => world.Open());
        world.Disk.Fault = _ => DiskError.None;
        world.Reopen();
        Assert.DoesNotContain(Second, world.Disk.Names);
    }

    [Fact]
    public void Accepting_a_loss_ends_recovering_for_good()
    {
        var world = new LogWorld { Founding = Raft.Membership.Configuration.OfVoters(1) }.Open().Append(1, 100, bytes: 100).Stop();
        world.Disk[First][1536 + 700] ^= 1;
        Assert.Throws<StorageException>(() => world.Reopen());
        Assert.Equal(RecoveryMode.Intact, world.Reopen(acceptLoss: true).Log.Mode);
        Assert.Equal(RecoveryMode.Intact, world.Reopen().Log.Mode);
    }
}

using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Recovery;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Wal;

public sealed class LogTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        var world = new LogWorld().Open().Write(LogWorld.Vote(3, 2)).Append(1, 5, term: 3).Stop().Reopen();
        Assert.Equal("3/1 3/2 3/3 3/4 3/5", world.Entries());
        Assert.Equal(new HardState(new Term(3), new MemberId(2)), world.Log.HardState);
        Assert.Equal(2UL, world.Log.Boot.Value);
        Assert.Equal(RecoveryMode.Intact, world.Log.Mode);
        Assert.Equal(LogWorld.PayloadOf(4, 3, 20), world.Read(4, 4)[0].Payload.ToArray());
    }

    [Fact]
    public void A_log_of_many_segments_is_one_log()
    {
        var world = new LogWorld().Open();
        for (ulong index = 1; index < 200; index += 3) world.Append(index, index + 2, bytes: 100);
        Assert.True(world.Disk.Names.Count(name => name.EndsWith(".wal", StringComparison.Ordinal)) > 4);
        Assert.Equal(201, world.Read(1, 300).Count);
        world.Reopen();
        Assert.Equal(201, world.Read(1, 300).Count);
        Assert.Equal(LogWorld.PayloadOf(77, 1, 100), world.Read(77, 77)[0].Payload.ToArray());
        world.Append(202, 210).Reopen();
        Assert.Equal(210, world.Read(1, 300).Count);
    }

    [Fact]
    public void A_batch_larger_than_a_segment_is_spread()
    {
        var world = new LogWorld { Options = LogWorld.Small with { BatchBytesMax = 1 << 20 } }.Open();
        world.Append(1, 200, bytes: 150);
        Assert.Equal(1, world.Durable);
        Assert.Equal(200, world.Reopen().Read(1, 200).Count);
    }

    [Fact]
    public void A_cut_tail_is_gone_and_its_successors_count()
    {
        var world = new LogWorld().Open().Append(1, 60, bytes: 100);
        world.Write(LogWorld.Truncate(20)).Append(20, 45, term: 2, bytes: 50).Write(LogWorld.Truncate(45));
        var expected = string.Join(' ', Enumerable.Range(1, 44).Select(i => i < 20 ? $"1/{i}" : $"2/{i}"));
        Assert.Equal(expected, world.Entries());
        Assert.Equal(expected, world.Reopen().Entries());
    }

    [Fact]
    public void Segments_before_the_base_are_used_again()
    {
        var world = new LogWorld().Open();
        for (ulong index = 1; index < 400; index++)
        {
            world.Append(index, index, bytes: 100);
            if (index % 50 == 0) world.Write(LogWorld.BeginAfter(index - 10, 1));
        }

        Assert.True(world.Disk.Names.Count() < 8);
        Assert.Equal("1/341", world.Entries().Split(' ')[0]);
        world.Reopen();
        Assert.Equal(LogWorld.IdOf(340, 1), world.Log.Base);
        Assert.Equal(59, world.Read(341, 400).Count);
    }

    [Fact]
    public void An_installed_snapshot_replaces_the_log()
    {
        var world = new LogWorld().Open().Append(1, 10).Write(LogWorld.BeginAfter(50, 4)).Append(51, 53, term: 4).Reopen();
        Assert.Equal("4/51 4/52 4/53", world.Entries());
        Assert.Equal(LogWorld.IdOf(50, 4), world.Log.Base);
    }

    [Fact]
    public void A_truncation_into_freed_segments_is_understood()
    {
        var world = new LogWorld().Open().Append(1, 120, bytes: 100).Write(LogWorld.Truncate(60)).Append(60, 130, term: 2, bytes: 100);
        world.Write(LogWorld.BeginAfter(128, 2)).Reopen();
        Assert.Equal("2/129 2/130", world.Entries());
    }

    [Fact]
    public void A_term_stays_known_when_its_segment_is_freed()
    {
        var world = new LogWorld().Open().Write(LogWorld.Vote(7, 3)).Append(1, 200, term: 7, bytes: 100)
            .Write(LogWorld.BeginAfter(200, 7)).Append(201, 300, term: 7, bytes: 100).Write(LogWorld.BeginAfter(290, 7)).Reopen();
        Assert.Equal(new HardState(new Term(7), new MemberId(3)), world.Log.HardState);
    }

    [Fact]
    public void Nothing_is_acknowledged_after_a_failed_sync()
    {
        var world = new LogWorld().Open();
        world.Disk.Fault = step => step.Site == IoSite.SyncBatch ? DiskError.Io : DiskError.None;
        var problem = Assert.Throws<StorageException>(() => world.Append(1, 1));
        Assert.Equal((IoSite.SyncBatch, DiskError.Io), (problem.Site, problem.Error));
        Assert.Equal(0, world.Durable);
    }
}

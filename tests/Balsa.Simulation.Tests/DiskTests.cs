using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.Tests;

/// <summary>What the simulated disk keeps when the power is cut.</summary>
public sealed class DiskTests
{
    private readonly SimulatedDisk _disk = new(Configuration.OfVoters(1));

    [Fact]
    public void A_finished_sync_survives_everything_and_covers_only_what_was_queued()
    {
        Append(1, 1, 2);
        Assert.True(_disk.TryBeginSync());
        Append(2, 3, 1);
        Assert.Equal(new IoSeq(1), _disk.FinishSync());
        Assert.Equal(2UL, _disk.Durable.Log.Last.Index.Value);
        _disk.Crash(CrashRule.KeepsNothing, new Dice(1));
        Assert.Equal(2UL, _disk.Durable.Log.Last.Index.Value);
        Assert.Equal(0, _disk.Unsynced);
    }

    [Fact]
    public void Everything_may_survive()
    {
        Append(1, 1, 2);
        Append(2, 3, 4);
        _disk.Crash(CrashRule.KeepsEverything, new Dice(1));
        Assert.Equal(6UL, _disk.Durable.Log.Last.Index.Value);
    }

    [Theory]
    [InlineData(CrashRule.KeepsPrefix)]
    [InlineData(CrashRule.TearsAppend)]
    [InlineData(CrashRule.KeepsSubset)]
    public void What_survives_is_always_a_beginning(object rule)
    {
        var lengths = new HashSet<ulong>();
        for (var seed = 0UL; seed < 200; seed++)
        {
            var disk = new SimulatedDisk(Configuration.OfVoters(1));
            Append(disk, 1, 1, 3);
            Append(disk, 2, 4, 3);
            disk.Crash((CrashRule)rule, new Dice(seed));
            lengths.Add(disk.Durable.Log.Last.Index.Value);
        }
        var torn = lengths.Contains(1) || lengths.Contains(2) || lengths.Contains(5);
        Assert.Equal((CrashRule)rule == CrashRule.TearsAppend, torn);
        Assert.True(lengths.Count > 1);
    }

    [Fact]
    public void A_truncation_follows_the_append_before_it()
    {
        Append(1, 1, 3);
        _disk.Queue(new StorageOperation(EffectKind.TruncateSuffix, new IoSeq(2)) { Index = new(2) });
        Append(3, 2, 1, term: 2);
        _disk.TryBeginSync();
        _disk.FinishSync();
        Assert.Equal(new EntryId(new Term(2), new LogIndex(2)), _disk.Durable.Log.Last);
    }

    private void Append(ulong io, ulong first, int count, ulong term = 1) => Append(_disk, io, first, count, term);

    private static void Append(SimulatedDisk disk, ulong io, ulong first, int count, ulong term = 1)
    {
        var buffer = disk.TakeBuffer(count);
        for (var i = 0; i < count; i++)
        {
            var entry = new EntryRef(new EntryId(new Term(term), new LogIndex(first + (ulong)i)), EntryKind.Data, 1, 0, new(first));
            buffer[i] = new StoredEntry(entry, null, first + (ulong)i + term * 1000);
        }
        disk.Queue(new StorageOperation(EffectKind.AppendEntries, new IoSeq(io)) { Entries = buffer, Count = count });
    }
}

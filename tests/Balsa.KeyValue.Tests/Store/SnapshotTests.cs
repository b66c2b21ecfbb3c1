using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Store;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Store;

public sealed class SnapshotTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_snapshot_taken_during_writes_restores_the_state_at_its_beginning(int seed)
    {
        var random = new Random(seed);
        var driver = new StoreDriver<NoStoreProbe>();
        for (var step = 0; step < 3000; step++) Change(driver, random);
        for (var round = 0; round < 10; round++)
        {
            var writer = driver.Store.BeginSnapshot()!;
            Assert.Null(driver.Store.BeginSnapshot());
            var (hash, history, revision) = (driver.Store.ContentHash, driver.Store.HistoryHash, driver.Store.Revision);
            var expected = Everything(driver, driver.Store.Publish(ReaderFloor.None));
            driver.Store.Publish(ReaderFloor.None).Hash(0, out var allHistory);
            var bytes = ReadDuring(writer, () => Change(driver, random), random);
            writer.Close();

            var reader = new SnapshotReader<NoStoreProbe>(new StoreOptions());
            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Min(random.Next(1, 3000), bytes.Length - at);
                Assert.True(reader.TryTake(bytes.AsSpan(at, count)), reader.Problem);
                at += count;
            }

            Assert.True(reader.TryFinish(out var restored), reader.Problem);
            Assert.Equal((hash, history, revision), (restored!.ContentHash, restored.HistoryHash, restored.Revision));
            var view = restored.Publish(ReaderFloor.None);
            Assert.Equal(expected, Everything(driver, view));
            view.Hash(0, out var restoredHistory);
            Assert.Equal(allHistory, restoredHistory);
            // The same state gives the same bytes, wherever it came from.
            Assert.Equal(bytes, ReadDuring(restored.BeginSnapshot()!, () => { }, random));
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void Writing_a_snapshot_takes_memory_for_a_buffer_and_not_for_the_state(int bufferBytes)
    {
        var driver = new StoreDriver<NoStoreProbe>();
        for (var i = 0; i < 20_000; i++) driver.Put($"{i}", new string('x', 150));
        var writer = driver.Store.BeginSnapshot()!;
        var buffer = new byte[bufferBytes];
        writer.Read(buffer, int.MaxValue);
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (writer.Read(buffer, int.MaxValue) >= 0)
        {
            // Only the writer allocates here.
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * bufferBytes + 20_000);
    }

    [Fact]
    public void What_is_cut_short_or_changed_is_no_snapshot()
    {
        var random = new Random(5);
        var driver = new StoreDriver<NoStoreProbe>();
        for (var step = 0; step < 300; step++) Change(driver, random);
        var bytes = ReadDuring(driver.Store.BeginSnapshot()!, () => { }, random);
        for (var cut = 0; cut < bytes.Length; cut += 1 + cut / 50)
        {
            var reader = new SnapshotReader<NoStoreProbe>(new StoreOptions());
            reader.TryTake(bytes.AsSpan(0, cut));
            Assert.False(reader.TryFinish(out var none));
            Assert.Null(none);
            Assert.NotNull(reader.Problem);
        }

        for (var i = 0; i < 3000; i++)
        {
            var damaged = bytes.ToArray();
            damaged[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var reader = new SnapshotReader<NoStoreProbe>(new StoreOptions());
            Assert.False(reader.TryTake(damaged) && reader.TryFinish(out _));
        }
    }

    private static byte[] ReadDuring(SnapshotWriter<NoStoreProbe> writer, Action change, Random random)
    {
        var bytes = new List<byte>();
        var buffer = new byte[1000];
        while (true)
        {
            var count = writer.Read(buffer.AsSpan(0, random.Next(1, buffer.Length)), random.Next(1, 40));
            if (count < 0) break;
            bytes.AddRange(buffer.AsSpan(0, count));
            if (random.Next(3) == 0) change();
        }

        writer.Close();
        return [.. bytes];
    }

    private static List<string> Everything(StoreDriver<NoStoreProbe> driver, StoreView view)
    {
        var all = new List<string> { $"{view.Revision} {view.Compacted}" };
        foreach (var revision in new[] { 0, Math.Max(1, view.Compacted), (view.Revision + Math.Max(1, view.Compacted)) / 2 })
        {
            var answer = driver.Range(new RangeQuery { Key = "\0"u8, End = "\0"u8, Revision = revision }, view);
            all.AddRange(answer.Values.Select(v =>
                $"{Convert.ToHexString(v.Key)} {Convert.ToHexString(v.Value)} {v.Created} {v.Modified} {v.Version} {v.Lease}"));
        }

        for (var sequence = view.SeekEvent(0); sequence < view.EventsEnd; sequence++)
        {
            var record = view.Event(sequence);
            if (record.Reference == 0) continue;
            var previous = view.TryPrevious(record, out var before) ? before.Modified : 0;
            var (key, value) = (Convert.ToHexString(record.Key), Convert.ToHexString(record.Value));
            all.Add($"{record.Modified} {record.IsDelete} {key} {value} {previous}");
        }

        return all;
    }

    private static void Change(StoreDriver<NoStoreProbe> driver, Random random)
    {
        var key = $"{random.Next(400)}";
        var lease = random.Next(1, 6);
        switch (random.Next(20))
        {
            case 0: driver.Compact(driver.Store.Revision - random.Next(200)); break;
            case 1: driver.Apply(driver.Codec.LeaseGrant(new LeaseGrantCommand(lease, 100 + lease))); break;
            case 2: driver.Apply(driver.Codec.LeaseRevoke(new LeaseRevokeCommand(lease))); break;
            case 3: driver.Apply(driver.Codec.SessionOpen(new SessionOpenCommand(60))); break;
            case 4: driver.Apply(driver.Codec.Alarm(new AlarmCommand(AlarmAction.Activate, AlarmType.NoSpace, (ulong)lease))); break;
            case 5:
                for (var member = 1UL; member < 6; member++)
                    driver.Apply(driver.Codec.Alarm(new AlarmCommand(AlarmAction.Deactivate, AlarmType.NoSpace, member)));
                break;
            case < 9: driver.Delete(key, random.Next(4) == 0 ? key + "9" : ""); break;
            case 9:
                driver.Apply(driver.Codec.Touch(new EntryEnvelope { Session = (ulong)random.Next(5000), Request = 1 }));
                break;
            default: driver.Put(key, new string('x', random.Next(30)), random.Next(3) == 0 ? lease : 0); break;
        }

        if (random.Next(4) == 0) driver.Store.Publish(ReaderFloor.None);
        if (random.Next(4) == 0) driver.Store.Work(random.Next(50));
    }
}

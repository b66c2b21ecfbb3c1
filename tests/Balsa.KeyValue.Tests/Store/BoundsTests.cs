using System.Text;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Events;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Tests.Store;

public sealed class BoundsTests
{
    [Fact]
    public void A_transaction_has_at_most_4096_operations_however_they_are_nested()
    {
        var driver = new StoreDriver<NoStoreProbe>();
        Assert.Equal(StoreError.None, driver.Apply(driver.Codec.Txn(Nested(40, 40))).Error);
        Assert.Equal(StoreError.TooManyOperations, driver.Apply(driver.Codec.Txn(Nested(60, 68))).Error);
    }

    /// <summary>What it did stays done, the same on every member; only the answer is not carried.</summary>
    [Fact]
    public void An_answer_that_nobody_could_carry_is_not_kept_and_what_was_done_stays_done()
    {
        var driver = new StoreDriver<NoStoreProbe>();
        driver.Put("large", new string('x', 3 << 20));
        var txn = new TxnBuilder();
        for (var i = 0; i < 100; i++) txn.Then(new RangeQuery { Key = "large"u8 });
        txn.Then(new PutCommand { Key = "done"u8 });
        var answer = driver.Apply(driver.Codec.Txn(txn));
        Assert.Equal((StoreError.AnswerNotKept, 3L), (answer.Error, answer.Revision));
        Assert.Equal(3, driver.Range(new RangeQuery { Key = "done"u8 }).Values[0].Modified);

        var bytes = new ByteWriter();
        driver.Store.Publish(ReaderFloor.None).Txn(ReadOnly(100), bytes);
        Assert.Equal(StoreError.AnswerTooLarge, Answer.Read(CommandKind.Txn, bytes.Written).Error);
        for (var i = 0; i < 90; i++) driver.Put($"large{i}", new string('x', 3 << 20));
        Assert.Equal(StoreError.AnswerTooLarge, driver.Range(new RangeQuery { Key = "large"u8, End = "m"u8 }).Error);
        Assert.Equal(10, driver.Range(new RangeQuery { Key = "large"u8, End = "m"u8, Limit = 10 }).Values.Count);
    }

    /// <summary>Values are left out from a place on that is counted from the begin of the buffer: so must be the refusal.</summary>
    [Fact]
    public void An_answer_behind_others_in_one_buffer_is_whole_or_refused()
    {
        var driver = new StoreDriver<NoStoreProbe>();
        driver.Put("a", "1");
        var answers = new ByteWriter();
        answers.Take(AnswerWriter.BytesMax + 1000);
        answers.CutTo(AnswerWriter.BytesMax + 1);
        var view = driver.Store.Publish(ReaderFloor.None);
        view.Range(new RangeQuery { Key = "a"u8 }, answers);
        Assert.Equal(StoreError.AnswerTooLarge, Answer.ReadRange(answers.Written[(AnswerWriter.BytesMax + 1)..]).Error);
    }

    [Fact]
    public void What_a_compaction_has_passed_of_the_history_is_not_counted_as_used()
    {
        var driver = new StoreDriver<NoStoreProbe>();
        for (var i = 0; i <= 3 * EventLog.ChunkEvents; i++) driver.Put("a", "1");
        driver.Store.Publish(ReaderFloor.None);
        var before = HistoryBytes(driver);
        Compact(driver, 2 + EventLog.ChunkEvents);
        Assert.Equal(before - EventLog.ChunkEvents * 16L, HistoryBytes(driver));
    }

    /// <summary>A delete without end goes by etcd's rules together with puts of the same keys.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Keys_that_one_command_changed_twice_leave_nothing_behind_when_they_are_compacted(bool putsFirst)
    {
        var driver = new StoreDriver<NoStoreProbe>();
        var empty = driver.Store.Memory.Records.UsedBytes;
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 50; i++) driver.Put($"k{i}", "before");
            var txn = new TxnBuilder();
            if (!putsFirst) txn.Then(new DeleteCommand { Key = "\0"u8, End = "\0"u8 });
            for (var i = 0; i < 100; i++) txn.Then(new PutCommand { Key = Encoding.UTF8.GetBytes($"k{i}") });
            if (putsFirst) txn.Then(new DeleteCommand { Key = "\0"u8, End = "\0"u8 });
            Assert.Equal(StoreError.None, driver.Apply(driver.Codec.Txn(txn)).Error);
            Compact(driver, driver.Store.Revision);
        }

        driver.Delete("\0", "\0");
        driver.Put("last", "1");
        Compact(driver, driver.Store.Revision);
        Assert.Equal(1, driver.Store.Keys);
        Assert.InRange(driver.Store.Memory.Records.UsedBytes - empty, 1, 100);
    }

    [Fact]
    public void A_quota_counts_what_a_command_adds_and_lets_pass_what_frees()
    {
        var put = Body(writer => new PutCommand { Key = "abc"u8, Value = "12345"u8 }.Write(writer));
        Assert.Equal(256 + 3 + 5, Quota.CostOf(CommandKind.Put, put));
        Assert.Equal(64, Quota.CostOf(CommandKind.LeaseGrant, []));
        Assert.Equal(0, Quota.CostOf(CommandKind.Delete, Body(writer => new DeleteCommand { Key = "abc"u8 }.Write(writer))));
        Assert.Equal(0, Quota.CostOf(CommandKind.Compact, Body(writer => new CompactCommand(5).Write(writer))));
        var txn = Body(new TxnBuilder()
            .Then(new PutCommand { Key = "abc"u8, Value = "12345"u8 }).Then(new RangeQuery { Key = "a"u8 })
            .Else(new PutCommand { Key = "a"u8 }).Else(new TxnBuilder().Then(new PutCommand { Key = "b"u8 })).Write);
        Assert.Equal(2 * 257, Quota.CostOf(CommandKind.Txn, txn));

        Assert.True(new Quota(1000).Allows(735, CommandKind.Put, put));
        Assert.False(new Quota(1000).Allows(736, CommandKind.Put, put));
        Assert.True(new Quota(1000).Allows(2000, CommandKind.Delete, []));
        Assert.True(new Quota(-1).Allows(long.MaxValue - 1000, CommandKind.Put, put));
        Assert.True(new Quota(0).Allows((2L << 30) - 1000, CommandKind.Put, put));
        Assert.False(new Quota(0).Allows(2L << 30, CommandKind.Put, put));
        Assert.Equal(0, Quota.CostOf(CommandKind.Put, [0xff]));
    }

    [Fact]
    public void A_lease_shows_its_keys_in_their_order()
    {
        var driver = new StoreDriver<NoStoreProbe>();
        foreach (var lease in (long[])[7, -3, 8]) driver.Apply(driver.Codec.LeaseGrant(new LeaseGrantCommand(lease, 60)));
        foreach (var key in (string[])["b", "a", "c", "\0", "\xff"]) driver.Put(key, "v", lease: 7);
        driver.Put("elsewhere", "v", lease: -3);
        driver.Put("b", "moved", lease: 8);
        driver.Delete("c");
        Assert.Equal(["\0", "a", "\xff"], KeysOf(driver, 7));
        Assert.Equal(["elsewhere"], KeysOf(driver, -3));
        Assert.Equal(["b"], KeysOf(driver, 8));
        Assert.Empty(KeysOf(driver, 9));
    }

    private static void Compact(StoreDriver<NoStoreProbe> driver, long revision)
    {
        driver.Compact(revision);
        driver.Store.Publish(ReaderFloor.None);
        while (driver.Store.Work(1000))
        {
            // To the end.
        }

        driver.Store.Publish(ReaderFloor.None);
    }

    private static long HistoryBytes(StoreDriver<NoStoreProbe> driver) =>
        driver.Store.Sizes.Used - driver.Store.Memory.Records.UsedBytes - driver.Store.Memory.Pages.UsedBytes;

    private static IEnumerable<string> KeysOf(StoreDriver<NoStoreProbe> driver, long lease)
    {
        var keys = new List<byte[]>();
        driver.Store.Publish(ReaderFloor.None).CopyLeaseKeys(lease, keys);
        return keys.Select(StoreDriver<NoStoreProbe>.Text);
    }

    private static TxnBuilder Nested(int outer, int inner)
    {
        var txn = new TxnBuilder();
        for (var i = 0; i < outer; i++)
        {
            var nested = new TxnBuilder();
            for (var j = 0; j < inner; j++) nested.Then(new RangeQuery { Key = "a"u8 });
            txn.Then(nested);
        }

        return txn;
    }

    private static byte[] ReadOnly(int ranges)
    {
        var txn = new TxnBuilder();
        for (var i = 0; i < ranges; i++) txn.Then(new RangeQuery { Key = "large"u8 });
        return Body(txn.Write);
    }

    private static byte[] Body(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        return writer.Written.ToArray();
    }
}

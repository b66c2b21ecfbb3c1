using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Sessions;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using static Balsa.KeyValue.Tests.Sessions.SessionTables;

namespace Balsa.KeyValue.Tests.Sessions;

public sealed class SessionRestoreTests
{
    private static readonly StoreOptions Options =
        new() { SessionsMax = 3, SessionAnswersMax = 4, SessionAnswerBytesMax = 100, AnswerBytesMax = 200 };

    private readonly SessionTable<NoStoreProbe> _table = new(Options);

    [Fact]
    [Row("S2-07")]
    public void A_restored_table_answers_repetitions_and_evicts_in_the_same_order()
    {
        for (var id = 1UL; id <= 3; id++) _table.Open(id, 0);
        _table.Do(2, 1, 60);
        _table.Do(3, 1, 60);
        _table.Do(1, 1, 60);
        _table.Do(1, 2, 200);
        var restored = Restore(_table.Capture(), Options);
        Assert.Equal((3, 180L, _table.ContentHash), (restored.Count, restored.AnswerBytes, restored.ContentHash));
        restored.Do(1, 3, 40);
        Assert.Equal("done at 1001", restored.Do(2, 1));
        Assert.Equal(Kept(1, 60), restored.Do(3, 1));
        Assert.Equal(Kept(1, 60), restored.Do(1, 1));
        Assert.Equal("done at 1002", restored.Do(1, 2));
    }

    [Fact]
    public void A_restored_session_ends_when_it_would_have_ended()
    {
        _table.Open(1, 0, 10);
        _table.Ask(1, 1, 5 * Second);
        var restored = Restore(_table.Capture(), Options);
        Assert.Equal("run", Restore(_table.Capture(), Options).Ask(1, 1, 15 * Second));
        Assert.Equal("SessionUnknown", restored.Ask(1, 1, 15 * Second + 1));
        restored.Expire(15 * Second + 1, 1);
        Assert.Equal(0, restored.Count);
    }

    [Fact]
    public void An_empty_table_is_captured_and_restored_too() =>
        Assert.Equal(_table.Capture(), Restore(_table.Capture(), Options).Capture());

    [Fact]
    public void A_capture_that_ends_early_is_refused_whereever_it_ends_inside_an_item()
    {
        _table.Open(1, 3, 10);
        _table.Do(1, 1, 5);
        _table.Do(1, 2, 200);
        var bytes = _table.Capture();
        var wholeItems = new HashSet<int> { 0, 2, bytes.Length };
        for (var length = 0; length <= bytes.Length; length++)
        {
            var isWhole = TryRestore(new SessionTable<NoStoreProbe>(Options), bytes[..length]);
            Assert.Equal(wholeItems.Contains(length), isWhole);
        }
    }

    [Fact]
    public void What_cannot_be_a_table_is_refused()
    {
        Assert.True(IsTaken(Session()));
        Assert.False(IsTaken(Session(kind: 2)));
        Assert.False(IsTaken(Session(id: 0)));
        Assert.False(IsTaken(Session(seconds: 0)));
        Assert.False(IsTaken(Session(seconds: 30 * 86_400 + 1)));
        Assert.False(IsTaken(Session(lastUse: -1)));
        Assert.False(IsTaken(Session(lastUse: long.MaxValue)));
        Assert.False(IsTaken(Session(use: 0)));
        Assert.False(IsTaken(Session(use: 101)));
        Assert.False(IsTaken(Session(floor: 5)));
        Assert.True(IsTaken(Session(), Session(id: 2, use: 8)));
        Assert.False(IsTaken(Session(), Session(use: 8)));
        Assert.False(IsTaken(Session(id: 2), Session(use: 8)));
        Assert.False(IsTaken(Session(), Session(id: 2)));
    }

    [Fact]
    public void More_than_the_bounds_allow_is_refused()
    {
        Assert.True(IsTaken(Session(requests: 4)));
        Assert.False(IsTaken(Session(requests: 5)));
        Assert.True(IsTaken(Session(length: 100)));
        Assert.False(IsTaken(Session(length: 101)));
        Assert.False(IsTaken(Session(requests: 2, length: 60)));
        Assert.True(IsTaken(Session(length: 90), Session(id: 2, use: 8, length: 90)));
        Assert.False(IsTaken(Session(length: 90), Session(id: 2, use: 8, length: 90), Session(id: 3, use: 9, length: 90)));
        Assert.False(IsTaken(Session(), Session(id: 2, use: 8), Session(id: 3, use: 9), Session(id: 4, use: 10)));
    }

    [Fact]
    public void Sessions_without_the_count_of_uses_before_them_are_refused()
    {
        Assert.False(TryRestore(new SessionTable<NoStoreProbe>(Options), Session()));
        Assert.False(IsTaken(Session(), [0, 100]));
        Assert.False(IsTaken([0, 100]));
    }

    private static bool IsTaken(params byte[][] sessions) =>
        TryRestore(new SessionTable<NoStoreProbe>(Options), [0, 100, .. sessions.SelectMany(bytes => bytes)]);

    private static byte[] Session(
        byte kind = 1, ulong id = 1, long seconds = 10, long lastUse = 0, long use = 7, ulong floor = 4, int requests = 1, int length = 3)
    {
        var bytes = new ByteWriter();
        bytes.Byte(kind);
        bytes.Varint(id);
        bytes.Varint(seconds);
        bytes.Varint(lastUse);
        bytes.Varint(use);
        bytes.Varint(floor);
        bytes.Varint((ulong)requests);
        for (var i = 0; i < requests; i++)
        {
            bytes.Varint((ulong)(5 + i));
            bytes.Varint(1L);
            bytes.Byte(1);
            bytes.Bytes(new byte[length]);
        }

        return bytes.Written.ToArray();
    }
}

using System.Text;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Queries;
using Balsa.KeyValue.Store;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests;

public sealed class KeyValueStoreTests
{
    private readonly KeyValueStore _store = new();

    [Fact]
    public void A_put_creates_then_changes_and_counts()
    {
        Assert.Equal(new Answer(1, Existed: false), Put("a", "1"));
        Assert.Equal(new Answer(2, Existed: false), Put("b", "1"));
        Assert.Equal(new Answer(3, Existed: true), Put("a", "2"));
        var found = _store.Find(Bytes("a"))!;
        Assert.Equal("2", Encoding.UTF8.GetString(found.Value.Span));
        Assert.Equal((1UL, 3UL, 2UL), (found.Created, found.Revision, found.Version));
    }

    [Fact]
    public void A_delete_that_finds_nothing_is_no_revision()
    {
        Put("a", "1");
        Assert.Equal(new Answer(1, Existed: false), Delete("b"));
        Assert.Equal(new Answer(2, Existed: true), Delete("a"));
        Assert.Null(_store.Find(Bytes("a")));
        Assert.Equal(new Answer(3, Existed: false), Put("a", "again"));
        Assert.Equal(3UL, _store.Find(Bytes("a"))!.Created);
    }

    [Fact]
    public void A_list_holds_the_keys_of_a_prefix_in_byte_order()
    {
        foreach (var key in new[] { "b", "a/2", "a/10", "a0", "é", "a/", "" + (char)0x7f }) Put(key, "x");
        var listed = new List<StoredValue>();
        Assert.False(_store.List(Bytes("a/"), 10, listed));
        Assert.Equal(["a/", "a/10", "a/2"], listed.Select(value => Encoding.UTF8.GetString(value.Key.Span)));
        listed.Clear();
        Assert.True(_store.List(default, 2, listed));
        Assert.Equal(2, listed.Count);
        listed.Clear();
        Assert.False(_store.List(Bytes("zzz"), 2, listed));
        Assert.False(_store.List(new byte[] { 0xff, 0xff }, 2, listed));
        Assert.Empty(listed);
    }

    [Fact]
    public void A_query_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentException>(() => QueryAnswer.Of(_store, new byte[] { 9, 9, 9, 9, 9 }));
        Assert.Empty(QueryAnswer.Of(_store, QueryCodec.Get("nothing"u8)).Values);
    }

    [Fact]
    public void What_it_does_not_know_stops_the_node()
    {
        var put = CommandCodec.Put("k"u8, "v"u8, default);
        EntryEnvelope.TryRead(put, out var envelope, out _);
        var command = put[EntryEnvelope.Bytes..];
        Assert.Throws<UnknownCommandException>(() => _store.Apply(envelope with { CommandKind = 77 }, command));
        Assert.Throws<UnknownCommandException>(() => _store.Apply(envelope with { CommandKind = 0 }, command));
        Assert.Throws<UnknownCommandException>(() => _store.Apply(envelope with { CommandVersion = 2 }, command));
        Assert.Throws<UnknownCommandException>(() => _store.Apply(envelope, command.AsSpan(0, 3)));
        Assert.Throws<UnknownCommandException>(() => _store.Apply(envelope, [0xff, 0xff, 0xff, 0x7f, 1]));
        Assert.Equal(0UL, _store.Revision);
    }

    [Fact]
    public void The_same_commands_give_the_same_state_as_a_plain_dictionary()
    {
        var random = new Random(17);
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < 20_000; i++)
        {
            var key = $"k{random.Next(300)}";
            if (random.Next(3) > 0) Put(key, model[key] = $"v{i}");
            else Assert.Equal(model.Remove(key), Delete(key).Existed);
        }

        var listed = new List<StoredValue>();
        Assert.False(_store.List(default, 1000, listed));
        Assert.Equal(model.Select(pair => (pair.Key, pair.Value)),
            listed.Select(v => (Encoding.UTF8.GetString(v.Key.Span), Encoding.UTF8.GetString(v.Value.Span))));
    }

    private Answer Put(string key, string value) => Apply(CommandCodec.Put(Bytes(key), Bytes(value), default));

    private Answer Delete(string key) => Apply(CommandCodec.Delete(Bytes(key), default));

    private Answer Apply(byte[] entry)
    {
        Assert.Equal(EnvelopeError.None, EntryEnvelope.TryRead(entry, out var envelope, out var command));
        var answer = _store.Apply(envelope, command);
        return Answer.Read(answer.Write());
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

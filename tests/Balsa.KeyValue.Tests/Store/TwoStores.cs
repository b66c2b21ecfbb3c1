using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Store;

/// <summary>
/// Two members that get the same entries, one of which publishes and frees after each of them and the other hardly ever. What
/// they answer and what they are must be the same, whatever the bytes.
/// </summary>
internal sealed class TwoStores(StoreOptions? options = null)
{
    private readonly KeyValueStore<NoStoreProbe> _busy = new(options ?? new StoreOptions());
    private readonly KeyValueStore<NoStoreProbe> _lazy = new(options ?? new StoreOptions());
    private readonly ByteWriter _answer = new();
    private ulong _index;

    internal KeyValueStore<NoStoreProbe> Store => _busy;

    /// <summary>How often each error was answered.</summary>
    internal Dictionary<StoreError, int> Seen { get; } = [];

    internal int Unknown { get; private set; }

    /// <summary>The answer, taken apart; null when no store takes the entry.</summary>
    internal Answer? Apply(CommandKind kind, ReadOnlySpan<byte> body, EntryEnvelope envelope = default, ulong term = 3) =>
        Apply(envelope with { CommandKind = (byte)kind, CommandVersion = CommandCodec.Version }, body, term);

    internal Answer? Apply(EntryEnvelope envelope, ReadOnlySpan<byte> body, ulong term = 3)
    {
        var before = StateOf(_busy);
        var id = new EntryId(new Term(term), new LogIndex(_index + 1));
        byte[] answer;
        try
        {
            answer = _busy.Apply(id, envelope, body).ToArray();
        }
        catch (UnknownCommandException)
        {
            Unknown++;
            Assert.True(envelope.CommandKind is 0 or > (byte)CommandKind.Touch || envelope.CommandVersion != CommandCodec.Version);
            Assert.Equal(before, StateOf(_busy));
            return null;
        }

        _index++;
        Assert.True(_lazy.Apply(id, envelope, body).SequenceEqual(answer), $"two stores answer a {envelope.CommandKind} differently");
        Assert.Equal(StateOf(_busy), StateOf(_lazy));
        Assert.Equal(id, _busy.Applied);
        var read = Answer.Read((CommandKind)envelope.CommandKind, answer);
        Seen[read.Error] = Seen.GetValueOrDefault(read.Error) + 1;
        Work(envelope, body);
        return read;
    }

    /// <summary>What is left must be what a snapshot can carry, and readers must agree, too.</summary>
    internal void AssertWhole()
    {
        var (left, right) = (_busy.Publish(ReaderFloor.None), _lazy.Publish(ReaderFloor.None));
        foreach (var revision in new[] { 0, Math.Max(0, _busy.Compacted), _busy.Revision })
        {
            Assert.Equal(StoreError.None, left.Hash(revision, out var one));
            Assert.Equal(StoreError.None, right.Hash(revision, out var two));
            Assert.Equal(one, two);
        }

        Assert.Equal(Read(left), Read(right));
    }

    private static (long Revision, long Compacted, long Keys, ulong Content, ulong History, long Time) StateOf(
        KeyValueStore<NoStoreProbe> store) =>
        (store.Revision, store.Compacted, store.Keys, store.ContentHash, store.HistoryHash, store.LogTime);

    /// <summary>The busy store publishes and frees; and a view that gets the same bytes to read must not fall over them either.</summary>
    private void Work(in EntryEnvelope envelope, ReadOnlySpan<byte> body)
    {
        _busy.Work(7);
        if (_index % 1000 == 0) _lazy.Publish(ReaderFloor.None);
        var view = _busy.Publish(ReaderFloor.None);
        if (envelope.CommandKind != (byte)CommandKind.Txn) return;
        _answer.Clear();
        try
        {
            view.Txn(body, _answer);
            Answer.Read(CommandKind.Txn, _answer.Written);
        }
        catch (ArgumentException refused) when (refused.Message.Contains("may write", StringComparison.Ordinal))
        {
            // It would have to go through the log.
        }
    }

    private byte[] Read(StoreView view)
    {
        _answer.Clear();
        view.Range(new RangeQuery { Key = "\0"u8, End = "\0"u8 }, _answer);
        return _answer.Written.ToArray();
    }
}

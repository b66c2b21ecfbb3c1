using System.Text;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Store;

/// <summary>Feeds a store with entries and takes its answers apart.</summary>
internal sealed class StoreDriver<TProbe>(TProbe probe = default, StoreOptions? options = null) where TProbe : struct, IStoreProbe
{
    private readonly CommandCodec _codec = new();
    private readonly ByteWriter _answer = new();
    private ulong _index;

    internal KeyValueStore<TProbe> Store { get; } = new(options ?? new StoreOptions(), probe);

    internal CommandCodec Codec => _codec;

    internal Answer Apply(byte[] entry, ulong term = 1)
    {
        Assert.Equal(EnvelopeError.None, EntryEnvelope.TryRead(entry, out var envelope, out var command));
        var answer = Store.Apply(new EntryId(new Term(term), new LogIndex(++_index)), envelope, command);
        return Answer.Read((CommandKind)envelope.CommandKind, answer);
    }

    internal Answer Put(string key, string value, long lease = 0, PutOptions options = PutOptions.None) =>
        Apply(_codec.Put(new PutCommand { Key = Bytes(key), Value = Bytes(value), Lease = lease, Options = options }));

    internal Answer Delete(string key, string end = "") =>
        Apply(_codec.Delete(new DeleteCommand { Key = Bytes(key), End = Bytes(end), ReturnPrevious = true }));

    internal Answer Compact(long revision) => Apply(_codec.Compact(new CompactCommand(revision)));

    internal Answer Range(in RangeQuery query, StoreView? view = null)
    {
        _answer.Clear();
        (view ?? Store.Publish(ReaderFloor.None)).Range(query, _answer);
        return Answer.ReadRange(_answer.Written);
    }

    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    internal static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}

using System.Buffers.Text;
using System.Diagnostics;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Bench.Store;

/// <summary>
/// Puts in random order: keys of 32 bytes that share a long prefix, as real ones do, and values of 256 bytes. Entries are made
/// in batches beforehand, so that only the store is timed; each batch is published, as the pump does it.
/// </summary>
public sealed class StoreLoad
{
    public const int KeyBytes = 32, ValueBytes = 256, BatchPuts = 256;
    private static readonly byte[] Prefix = "/registry/bench/"u8.ToArray();

    private readonly KeyValueStore<NoStoreProbe> _store;
    private readonly Permutation _order;
    private readonly byte[][] _entries = new byte[BatchPuts][];
    private readonly CommandCodec _codec = new();
    private readonly byte[] _key = new byte[KeyBytes];
    private readonly byte[] _value = new byte[ValueBytes];
    private ulong _index;
    private ulong _dice = 1;

    public StoreLoad(KeyValueStore<NoStoreProbe> store, long keys)
    {
        (_store, Keys) = (store, keys);
        _order = new Permutation(keys);
    }

    public long Keys { get; }

    /// <summary>The newest view, kept while the next batch is applied as a server keeps it.</summary>
    public StoreView? View { get; private set; }

    /// <summary>Puts that many keys, beginning somewhere in the order; every key once per round through the order. Seconds of the store alone.</summary>
    public double Put(long from, long count, Action<long>? observe = null)
    {
        var ticks = 0L;
        for (var done = 0L; done < count;)
        {
            var batch = (int)Math.Min(BatchPuts, count - done);
            for (var i = 0; i < batch; i++) _entries[i] = Entry(_order.At((from + done + i) % Keys));
            ticks += Apply(batch, observe);
            done += batch;
        }

        return ticks / 1e9;
    }

    public ReadOnlySpan<byte> KeyAt(long position)
    {
        WriteKey(_order.At(position % Keys));
        return _key;
    }

    private long Apply(int batch, Action<long>? observe)
    {
        var begin = Measuring.ThreadClock.Now;
        for (var i = 0; i < batch; i++)
        {
            var single = observe is null ? 0 : Stopwatch.GetTimestamp();
            EntryEnvelope.TryRead(_entries[i], out var envelope, out var command);
            _store.Apply(new EntryId(new Term(1), new LogIndex(++_index)), envelope, command);
            observe?.Invoke(Stopwatch.GetTimestamp() - single);
        }

        View = _store.Publish(View?.Floor ?? ReaderFloor.None);
        return Measuring.ThreadClock.Now - begin;
    }

    private byte[] Entry(long number)
    {
        WriteKey(number);
        for (var i = 0; i < ValueBytes; i += 8)
            BitConverter.TryWriteBytes(_value.AsSpan(i), _dice = _dice * 6364136223846793005 + 1442695040888963407);
        return _codec.Put(new PutCommand { Key = _key, Value = _value });
    }

    private void WriteKey(long number)
    {
        Prefix.CopyTo(_key, 0);
        Utf8Formatter.TryFormat((ulong)number, _key.AsSpan(Prefix.Length), out _, new System.Buffers.StandardFormat('D', KeyBytes - 16));
    }
}

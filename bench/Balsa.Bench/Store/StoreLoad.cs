using System.Buffers.Text;
using System.Diagnostics;
using Balsa.Bench.Measuring;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
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
    private readonly byte[][] _entries = [.. Enumerable.Repeat<byte[]>([], BatchPuts)];
    private readonly ByteWriter _body = new();
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

    /// <summary>The most that was held for older views, in bytes.</summary>
    public long RetainedMax { get; private set; }

    /// <summary>The newest view, kept while the next batch is applied as a server keeps it.</summary>
    public StoreView? View { get; private set; }

    /// <summary>Compacts up to now; only what is asked for, nothing is freed yet.</summary>
    public void Compact() => Apply(new CommandCodec().Compact(new CompactCommand(_store.Revision)));

    public void Publish(ReaderFloor floor) => View = _store.Publish(floor);

    /// <summary>
    /// Puts that many keys, beginning somewhere in the order; every key once per round through the order. Seconds of this
    /// thread's time in the store.
    /// </summary>
    /// <param name="gap">Told for each put how long it is since the put before it was done.</param>
    /// <param name="floor">What readers of older views need; otherwise only the newest view is kept.</param>
    /// <param name="between">What else is done between two batches.</param>
    public double Put(long from, long count, Action<long>? gap = null, Func<ReaderFloor>? floor = null, Action? between = null)
    {
        var nanoseconds = 0L;
        for (var done = 0L; done < count;)
        {
            var batch = (int)Math.Min(BatchPuts, count - done);
            for (var i = 0; i < batch; i++) Fill(ref _entries[i], _order.At((from + done + i) % Keys));
            var begin = ThreadClock.Now;
            Apply(batch, gap, between);
            Publish(floor?.Invoke() ?? View?.Floor ?? ReaderFloor.None);
            nanoseconds += ThreadClock.Now - begin;
            RetainedMax = Math.Max(RetainedMax, _store.Sizes.Retained);
            done += batch;
        }

        return nanoseconds / 1e9;
    }

    public ReadOnlySpan<byte> KeyAt(long position)
    {
        WriteKey(_order.At(position % Keys));
        return _key;
    }

    private void Apply(byte[] entry)
    {
        EntryEnvelope.TryRead(entry, out var envelope, out var command);
        _store.Apply(new EntryId(new Term(1), new LogIndex(++_index)), envelope, command);
    }

    private void Apply(int batch, Action<long>? gap, Action? between)
    {
        var before = gap is null ? 0 : Stopwatch.GetTimestamp();
        between?.Invoke();
        for (var i = 0; i < batch; i++)
        {
            Apply(_entries[i]);
            if (gap is null) continue;
            var now = Stopwatch.GetTimestamp();
            gap(now - before);
            before = now;
        }
    }

    /// <summary>Buffers are used again, so that the collector is not busy with what is not the store's.</summary>
    private void Fill(ref byte[] entry, long number)
    {
        WriteKey(number);
        for (var i = 0; i < ValueBytes; i += 8)
            BitConverter.TryWriteBytes(_value.AsSpan(i), _dice = _dice * 6364136223846793005 + 1442695040888963407);
        _body.Clear();
        new PutCommand { Key = _key, Value = _value }.Write(_body);
        if (entry.Length != EntryEnvelope.Bytes + _body.Length) entry = CommandCodec.Entry(CommandKind.Put, _body.Written, default);
        else _body.Written.CopyTo(entry.AsSpan(EntryEnvelope.Bytes));
    }

    private void WriteKey(long number)
    {
        Prefix.CopyTo(_key, 0);
        Utf8Formatter.TryFormat((ulong)number, _key.AsSpan(Prefix.Length), out _, new System.Buffers.StandardFormat('D', KeyBytes - 16));
    }
}

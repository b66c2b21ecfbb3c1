using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Node.Stores;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Node.Tests.Stores;

/// <summary>The applying thread: random commands in batches, each batch published, and compaction in between.</summary>
internal sealed class GateWriter
{
    private const int Kept = 60;

    private readonly KeyValueStore<NoStoreProbe> _store = new(new StoreOptions { Discard = SystemMemory.Discard });
    private readonly CommandCodec _codec = new();
    private readonly Random _random;
    private readonly ViewGate _gate;
    private readonly Func<ReaderFloor> _floor;
    private readonly long[] _amounts = new long[GateValue.Accounts];
    private ulong _index;

    /// <param name="floor">What is still read; the gate knows, and a mistake is planted by knowing better.</param>
    internal GateWriter(ViewGate gate, int seed, Func<ReaderFloor> floor)
    {
        (_gate, _random, _floor) = (gate, new Random(seed), floor);
        for (var i = 0; i < _amounts.Length; i++) _amounts[i] = GateValue.AmountEach;
        var founding = new TxnBuilder();
        for (var i = 0; i < _amounts.Length; i++) founding.Then(Put(GateValue.Account(i), _amounts[i]));
        Apply(_codec.Txn(founding));
        Founded = _store.Revision;
        _gate.Publish(_store.Publish(ReaderFloor.None));
    }

    /// <summary>From this revision on the accounts are there.</summary>
    internal long Founded { get; }

    internal int Compactions { get; private set; }

    internal long Batches { get; private set; }

    /// <summary>One batch, and what a replica does after it.</summary>
    internal void Batch()
    {
        for (var i = _random.Next(1, 12); i > 0; i--) Step();
        _gate.Publish(_store.Publish(_floor()));
        _store.Work(_random.Next(1, 200));
        Batches++;
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 50: Apply(_codec.Put(Put(GateValue.Item(_random.Next(GateValue.Items)), 0))); break;
            case < 65: Apply(_codec.Delete(new DeleteCommand { Key = GateValue.Item(_random.Next(GateValue.Items)) })); break;
            case < 67: DeleteRange(); break;
            case < 95: Transfer(); break;
            default: Compact(); break;
        }
    }

    private void DeleteRange()
    {
        var first = _random.Next(GateValue.Items);
        Apply(_codec.Delete(new DeleteCommand { Key = GateValue.Item(first), End = GateValue.Item(first + 20) }));
    }

    private void Transfer()
    {
        var from = _random.Next(GateValue.Accounts);
        var to = (from + _random.Next(1, GateValue.Accounts)) % GateValue.Accounts;
        var amount = _random.Next(100);
        (_amounts[from], _amounts[to]) = (_amounts[from] - amount, _amounts[to] + amount);
        Apply(_codec.Txn(new TxnBuilder()
            .Then(Put(GateValue.Account(from), _amounts[from])).Then(Put(GateValue.Account(to), _amounts[to]))));
    }

    private void Compact()
    {
        var revision = _store.Revision - _random.Next(Kept);
        if (revision <= Math.Max(Founded, _store.Compacted)) return;
        Apply(_codec.Compact(new CompactCommand(revision)));
        Compactions++;
    }

    private PutCommand Put(byte[] key, long amount) => new() { Key = key, Value = GateValue.Make(key, _store.Revision + 1, amount) };

    private void Apply(byte[] entry)
    {
        Assert.Equal(EnvelopeError.None, EntryEnvelope.TryRead(entry, out var envelope, out var command));
        var answer = _store.Apply(new EntryId(new Term(1), new LogIndex(++_index)), envelope, command);
        Assert.Equal(StoreError.None, Answer.Read((CommandKind)envelope.CommandKind, answer).Error);
    }
}

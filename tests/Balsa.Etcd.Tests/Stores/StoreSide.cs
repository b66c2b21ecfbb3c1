using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Transactions;
using Balsa.KeyValue.Watches;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Etcd.Tests.Stores;

/// <summary>
/// Our store behind the same steps: writes as entries of a log, reads from the view published last. When it is replaced
/// again and again, each store begins as a snapshot of the one before.
/// </summary>
internal sealed class StoreSide<TProbe>(TProbe probe = default, bool isReplaced = false) where TProbe : struct, IStoreProbe
{
    private const int FewSteps = 3, ManySteps = 300;
    private static readonly StoreOptions Options = new();
    private KeyValueStore<TProbe> _store = new(Options, probe);
    private Successor<TProbe>? _successor;
    private readonly StepCommands _commands = new();
    private readonly ByteWriter _answer = new();
    private readonly Dictionary<int, (HubWatch Watch, WatchStream Stream)> _watches = [];
    private StoreView? _view;
    private WatchHub<TProbe>? _hub;
    private ulong _index;

    public Outcome Ask(Step step)
    {
        _answer.Clear();
        switch (step)
        {
            case RangeStep range:
                View().Range(StepCommands.Query(range), _answer);
                return Outcome.Of(Answer.ReadRange(_answer.Written));

            case TxnStep txn when !TxnEffects.Of(StepCommands.Body(txn)).Writes:
                View().Txn(StepCommands.Body(txn), _answer);
                return Outcome.Of(Answer.Read(CommandKind.Txn, _answer.Written));

            case LeasesStep:
                return new Outcome { Answer = new Answer { Revision = _store.Revision }, Leases = Leases() };

            case WatchStep watch:
                return Watch(watch);

            case UnwatchStep unwatch:
                DeliverAll();
                _watches.Remove(unwatch.Id, out var ended);
                _hub!.Close(ended.Stream);
                return ended.Watch.Told(unwatch.LastRevision);

            case CompactStep compact:
                // etcd's watches have been told everything by now, and a compaction would end one of ours that lags.
                DeliverAll();
                return Apply(_commands.Entry(compact));

            default:
                return Apply(_commands.Entry(step));
        }
    }

    private Outcome Apply(byte[] entry)
    {
        var answer = Apply(_store, ++_index, entry);
        var isOther = isReplaced && Replace(entry);
        _view = _store.Publish(isOther || _hub is null ? ReaderFloor.None : _hub.Floor);
        if (isOther) _hub?.Restart(_view);
        else _hub?.Advance(_view);
        // etcd has freed what was compacted before it answers; how far ours has come must make no difference.
        var steps = _index / 64 % 2 == 0 ? FewSteps : ManySteps;
        _store.Work(steps);
        _hub?.Work(steps);
        return Outcome.Of(answer);
    }

    /// <summary>A watch is a stream of its own, as a connection is in etcd's gateway.</summary>
    private Outcome Watch(WatchStep step)
    {
        _hub ??= new WatchHub<TProbe>(View(), new WatchHubOptions(), probe);
        var watch = new HubWatch(View().Compacted);
        var stream = _hub.Open(watch);
        _hub.Create(stream, HubWatch.Request(step));
        // A watch that cannot be is refused with its creation; that its past is gone, it learns when it is read.
        var outcome = new Outcome { Canceled = watch.Canceled };
        if (outcome.Canceled is null) _watches.Add(step.Id, (watch, stream));
        _hub.Work(FewSteps);
        Assert.True(watch.IsCreated, "a watch was not answered");
        return outcome;
    }

    private void DeliverAll()
    {
        while (_hub?.Work(ManySteps) == true)
        {
            // The hub says when everything has been told.
        }
    }

    /// <summary>Whether another store took the place of the one before.</summary>
    private bool Replace(byte[] entry)
    {
        if (_successor is null)
        {
            _successor = new Successor<TProbe>(_store.BeginSnapshot()!, Options, probe);
            return false;
        }

        _successor.Follow(entry);
        if (_successor.Finished() is not { } store) return false;
        // What the store before has compacted meanwhile, the next one cannot tell any more.
        _hub?.Advance(_store.Publish(_hub.Floor));
        DeliverAll();
        var index = _index - (ulong)_successor.Since.Count;
        foreach (var later in _successor.Since) Apply(store, ++index, later);
        Assert.Equal((_store.ContentHash, _store.HistoryHash, _store.Applied), (store.ContentHash, store.HistoryHash, store.Applied));
        (_store, _successor) = (store, null);
        return true;
    }

    private static Answer Apply(KeyValueStore<TProbe> store, ulong index, byte[] entry)
    {
        Assert.Equal(EnvelopeError.None, EntryEnvelope.TryRead(entry, out var envelope, out var command));
        var answer = store.Apply(new EntryId(new Term(1), new LogIndex(index)), envelope, command);
        return Answer.Read((CommandKind)envelope.CommandKind, answer);
    }

    private StoreView View() => _view ??= _store.Publish(ReaderFloor.None);

    private List<long> Leases()
    {
        var found = new List<long>();
        var some = new LeaseState[8];
        for (var position = 0; position >= 0;)
        {
            var count = _store.Leases.Copy(ref position, some);
            found.AddRange(some.Take(count).Select(lease => lease.Id));
        }

        return found;
    }
}

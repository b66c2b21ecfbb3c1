using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Transactions;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Etcd.Tests.Stores;

/// <summary>Our store behind the same steps: writes as entries of a log, reads from the view published last.</summary>
internal sealed class StoreSide<TProbe>(TProbe probe = default) where TProbe : struct, IStoreProbe
{
    private readonly KeyValueStore<TProbe> _store = new(new StoreOptions(), probe);
    private readonly StepCommands _commands = new();
    private readonly ByteWriter _answer = new();
    private readonly Dictionary<int, ViewWatch> _watches = [];
    private StoreView? _view;
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
                _watches.Add(watch.Id, new ViewWatch(watch, View()));
                return new Outcome();

            case UnwatchStep unwatch:
                _watches.Remove(unwatch.Id, out var ended);
                return ended!.Told(unwatch.LastRevision);

            default:
                return Apply(_commands.Entry(step));
        }
    }

    private Outcome Apply(byte[] entry)
    {
        Assert.Equal(EnvelopeError.None, EntryEnvelope.TryRead(entry, out var envelope, out var command));
        var bytes = _store.Apply(new EntryId(new Term(1), new LogIndex(++_index)), envelope, command);
        var answer = Answer.Read((CommandKind)envelope.CommandKind, bytes);
        _view = _store.Publish(ReaderFloor.None);
        foreach (var watch in _watches.Values) watch.Follow(_view);
        // etcd was told to answer a compaction when the data is gone.
        while (_store.Work(steps: 1000))
        {
            // The store says when nothing is left to be freed.
        }

        return Outcome.Of(answer);
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

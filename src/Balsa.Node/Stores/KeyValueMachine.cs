using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Node.Stores;

/// <summary>The key-value store as the replica sees it: applied by one thread, read by all through the gate.</summary>
public sealed class KeyValueMachine : IStateMachine
{
    /// <summary>About a tenth of a millisecond between two batches.</summary>
    private const int StepsAtOnce = 100;

    private readonly KeyValueStore<NoStoreProbe> _store;
    private readonly ViewGate _views;
    private ReaderFloor _floor;

    public KeyValueMachine(ViewGate views)
        : this(views, new StoreOptions { Discard = SystemMemory.Discard })
    {
    }

    /// <param name="options">The same on all members: they decide answers.</param>
    public KeyValueMachine(ViewGate views, StoreOptions options)
    {
        (_views, _store) = (views, new KeyValueStore<NoStoreProbe>(options));
        EndBatch();
    }

    public StoreSizes Sizes => _store.Sizes;

    /// <summary>Over everything applied and answered: equal on all members that have applied the same entry last.</summary>
    public ulong HistoryHash => _store.HistoryHash;

    /// <summary>Over what the state says now; equal in the same way.</summary>
    public ulong ContentHash => _store.ContentHash;

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command) =>
        _store.Apply(entry, envelope, command);

    /// <summary>The state can be read at the gate, from now on at least as new as this.</summary>
    public object Query(ReadOnlyMemory<byte> query) => _views;

    public void EndBatch() => Publish(_views.Floor());

    /// <summary>
    /// What the store may free hangs on who still reads, and it hears of that when a view is published. So this publishes when
    /// that alone is waited for and readers have gone on: otherwise it would wait for the next write.
    /// </summary>
    public bool Work()
    {
        if (_store.Work(StepsAtOnce)) return true;
        if (!_store.WaitsForReaders || _views.Floor() is var floor && floor == _floor) return false;
        Publish(floor);
        return true;
    }

    private void Publish(ReaderFloor floor)
    {
        _floor = floor;
        _views.Publish(_store.Publish(floor));
    }
}

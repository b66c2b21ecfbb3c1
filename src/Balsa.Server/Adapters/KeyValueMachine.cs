using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Server.Stores;

namespace Balsa.Server.Adapters;

/// <summary>The key-value store as the replica sees it: applied by one thread, read by all through the gate.</summary>
internal sealed class KeyValueMachine : IStateMachine
{
    /// <summary>About a fifth of a millisecond between two batches.</summary>
    private const int StepsAtOnce = 200;

    private readonly KeyValueStore<NoStoreProbe> _store = new(new StoreOptions { Discard = SystemMemory.Discard });
    private readonly ViewGate _views;

    internal KeyValueMachine(ViewGate views)
    {
        _views = views;
        EndBatch();
    }

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command) =>
        _store.Apply(entry, envelope, command);

    /// <summary>The state can be read at the gate, from now on at least as new as this.</summary>
    public object Query(ReadOnlyMemory<byte> query) => _views;

    public void EndBatch() => _views.Publish(_store.Publish(_views.Floor()));

    public bool Work() => _store.Work(StepsAtOnce);
}

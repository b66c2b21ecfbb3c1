using Balsa.KeyValue;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica;
using Balsa.Replica.Contracts;

namespace Balsa.Node.Stores;

/// <summary>The key-value store as the replica sees it: applied by one thread, read by all through the gate.</summary>
public sealed class KeyValueMachine : IStateMachine
{
    /// <summary>About a tenth of a millisecond between two batches.</summary>
    private const int StepsAtOnce = 100;

    /// <summary>The kind of content and its version, as snapshots name them.</summary>
    private static readonly ContentVersion KeyValueContent = new(1, 1);

    /// <summary>Changes with how the store computes its hashes.</summary>
    private const uint HashVersion = 1;

    private readonly StoreOptions _options;
    private readonly ViewGate _views;
    private KeyValueStore<NoStoreProbe> _store;
    private ReaderFloor _floor;

    public KeyValueMachine(ViewGate views, StoreOptions? options = null)
    {
        _options = options ?? new StoreOptions { Discard = SystemMemory.Discard };
        (_views, _store) = (views, new KeyValueStore<NoStoreProbe>(_options));
        EndBatch();
    }

    /// <summary>For whoever watches over leases, events and hashes, on the thread that applies. It changes with a snapshot.</summary>
    public KeyValueStore<NoStoreProbe> Store => _store;

    /// <summary>Alarms that are raised; any thread may ask.</summary>
    public IReadOnlyList<KeyValue.Answers.RaisedAlarm> Alarms => _store.RaisedAlarms;

    public StoreSizes Sizes => _store.Sizes;

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        try
        {
            return _store.Apply(entry, envelope, command);
        }
        catch (UnknownCommandException unknown)
        {
            // Not a mistake: a later build wrote it, and will go on from here.
            throw new UnusableEntryException(entry, unknown.Message);
        }
    }

    /// <summary>The state can be read at the gate, from now on at least as new as this.</summary>
    public object Query(ReadOnlyMemory<byte> query) => _views;

    public StateHash? Hash => new StateHash(HashVersion, _store.HistoryHash, _store.ContentHash);

    public ContentVersion Content => KeyValueContent;

    public IStateCapture? Capture() => _store.BeginSnapshot() is { } writer ? new StoreCapture(writer) : null;

    public IStateRestore BeginRestore(ContentVersion content) => new StoreRestore(_options, content, KeyValueContent);

    public void Adopt(IStateRestore restored)
    {
        _store = ((StoreRestore)restored).Store;
        // Views of the old store stay whole for as long as somebody reads them, and nobody needs it to hold anything back.
        _floor = ReaderFloor.None;
        _views.Publish(_store.Publish(_floor));
    }

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

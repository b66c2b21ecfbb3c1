using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Store;
using Balsa.Replica.Contracts;

namespace Balsa.Node.Stores;

/// <summary>A store that is built from a snapshot beside the one in use.</summary>
internal sealed class StoreRestore(StoreOptions options, ContentVersion content, ContentVersion known) : IStateRestore
{
    private readonly SnapshotReader<NoStoreProbe> _reader = new(options);
    private KeyValueStore<NoStoreProbe>? _store;

    public string? Problem => content == known
        ? _reader.Problem
        : $"it holds content of kind {content.Kind} in version {content.Version}, which this build does not know";

    internal KeyValueStore<NoStoreProbe> Store => _store ?? throw new InvalidOperationException("The store is not finished.");

    public bool TryTake(ReadOnlySpan<byte> bytes) => content == known && _reader.TryTake(bytes);

    public bool TryFinish() => content == known && _reader.TryFinish(out _store);
}

using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Store;
using Balsa.Simulation.Stores.Drills;
using Balsa.Simulation.Stores.Scripts;

namespace Balsa.Simulation.Stores.Playing;

/// <summary>One snapshot of a store that goes on changing, and the store that comes out of it.</summary>
internal sealed class SnapshotPlay<TProbe> where TProbe : struct, IStoreProbe
{
    private const int BufferMax = 1 << 20;

    private readonly KeyValueStore<TProbe> _store;
    private readonly StoreOptions _options;
    private readonly int _entries;
    private readonly SnapshotWriter<TProbe> _writer;
    private readonly List<byte> _content = [];
    private readonly ulong _contentHash, _historyHash;
    private int _cut = 1;

    internal SnapshotPlay(KeyValueStore<TProbe> store, StoreOptions options, int entries)
    {
        (_store, _options, _entries) = (store, options, entries);
        (_contentHash, _historyHash) = (store.ContentHash, store.HistoryHash);
        _writer = store.BeginSnapshot() ?? throw new InvalidOperationException("No other snapshot is being written.");
    }

    /// <summary>Takes some bytes, or all that are left; true when nothing is left.</summary>
    internal bool TryRead(int bytesMax, int steps)
    {
        var buffer = new byte[Math.Min(bytesMax, BufferMax)];
        _cut = buffer.Length;
        int read;
        do
        {
            read = _writer.Read(buffer, steps);
            if (read > 0) _content.AddRange(buffer.AsSpan(0, read));
        }
        while (read != SnapshotWriter<TProbe>.End && bytesMax == int.MaxValue);
        return read == SnapshotWriter<TProbe>.End;
    }

    internal void Close() => _writer.Close();

    /// <summary>Restores it, and applies what has come since: the result must be equal to the store that wrote it.</summary>
    internal StoreDifference? TryRestore(List<StoreEntry> entries, out KeyValueStore<TProbe>? restored)
    {
        restored = null;
        var reader = new SnapshotReader<TProbe>(_options);
        var content = _content.ToArray();
        for (var from = 0; from < content.Length; from += _cut)
            if (!reader.TryTake(content.AsSpan(from, Math.Min(_cut, content.Length - from)))) return Different(reader.Problem);
        if (!reader.TryFinish(out restored)) return Different(reader.Problem);
        if (restored!.ContentHash != _contentHash) return Different("another content hash");
        if (restored.HistoryHash != _historyHash) return Different("another history hash");
        for (var i = _entries; i < entries.Count; i++) restored.Apply(entries[i].Entry, entries[i].Envelope, entries[i].Body);
        if (restored.HistoryHash != _store.HistoryHash) return Different("other answers after it");
        return restored.ContentHash != _store.ContentHash ? Different("another content hash after later entries") : null;
    }

    private static StoreDifference Different(string? text) => new(StoreFinding.Snapshot, text ?? "refused");
}

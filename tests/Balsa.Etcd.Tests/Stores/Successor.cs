using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Store;

namespace Balsa.Etcd.Tests.Stores;

/// <summary>A store that grows from a snapshot of the one in use, while that goes on, and can take its place.</summary>
internal sealed class Successor<TProbe>(SnapshotWriter<TProbe> writer, StoreOptions options, TProbe probe)
    where TProbe : struct, IStoreProbe
{
    private const int Slice = 97, Steps = 5;
    private readonly SnapshotReader<TProbe> _reader = new(options, probe);
    private readonly List<byte[]> _since = [];
    private readonly byte[] _slice = new byte[Slice];

    /// <summary>The entries that were applied since the snapshot began.</summary>
    public IReadOnlyList<byte[]> Since => _since;

    /// <summary>Remembers an entry and copies a little more.</summary>
    public void Follow(byte[] entry)
    {
        _since.Add(entry);
        Copy();
    }

    /// <summary>The store as of the snapshot, when all of it has been copied.</summary>
    public KeyValueStore<TProbe>? Finished()
    {
        if (!writer.IsFinished) return null;
        writer.Close();
        Assert.True(_reader.TryFinish(out var store), _reader.Problem);
        return store;
    }

    private void Copy()
    {
        var count = writer.Read(_slice, Steps);
        if (count > 0) Assert.True(_reader.TryTake(_slice.AsSpan(0, count)), _reader.Problem);
    }
}

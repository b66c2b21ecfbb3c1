using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Snapshots;
using Balsa.Replica.Contracts;

namespace Balsa.Node.Stores;

/// <summary>The store's state on its way to disk.</summary>
internal sealed class StoreCapture(SnapshotWriter<NoStoreProbe> writer) : IStateCapture
{
    /// <summary>About half a millisecond.</summary>
    private const int StepsAtOnce = 500;

    public int Read(Span<byte> into)
    {
        var read = writer.Read(into, StepsAtOnce);
        return read == SnapshotWriter<NoStoreProbe>.End ? IStateCapture.End : read;
    }

    public void Dispose() => writer.Close();
}

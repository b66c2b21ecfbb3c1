using Balsa.Replica.Inputs;
using Balsa.Replica.Snapshots;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Steps;

namespace Balsa.Node.Snapshots.Jobs;

/// <summary>Writes the state of this member to disk.</summary>
internal static class Making
{
    internal static IEnumerable<IoStep> Run<TProbe>(ShelfState<TProbe> shelf, SnapshotOrder order) where TProbe : struct, IStorageProbe
    {
        var step = new IoStep();
        var head = new SnapshotHead
        {
            Identity = shelf.Directory.IdentityOf(order.Id), Configuration = order.Configuration,
            FeatureLevel = order.Configuration.FeatureLevel, ContentKind = order.Content.Kind, ContentVersion = order.Content.Version,
            BlockBytes = shelf.Options.BlockBytes,
        };
        // What the log does not hold yet could still be lost with the power, and the snapshot would be ahead of the log.
        bool IsLogged() => shelf.Durable >= order.Id.Index || default(TProbe).Plants(StorageMutant.ShelfPublishesBeforeLog);
        var writer = new SnapshotWriter<TProbe>(shelf.Directory, head);
        foreach (var next in writer.Write(step, new Source(order.Bytes), IsLogged))
        {
            if (shelf.IsStopping || order.Bytes.IsCut) writer.Abandon();
            yield return next;
        }

        if (!writer.IsPublished)
        {
            shelf.Tell(new SnapshotFailed(order.Id, $"{writer.Problem}"));
            yield break;
        }

        shelf.Store.OnPublished(head, writer.FileBytes);
        foreach (var next in shelf.Prune(step)) yield return next;
        var kept = shelf.KeptFrom() ?? (order.Id, order.Configuration);
        shelf.Tell(new SnapshotMade(order.Id, writer.FileBytes, kept.Id, kept.Configuration));
    }

    private sealed class Source(CaptureBuffer bytes) : ISnapshotSource
    {
        public int Read(Span<byte> into) => bytes.Read(into);
    }
}

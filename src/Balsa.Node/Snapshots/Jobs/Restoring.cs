using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Replica.Snapshots;
using Balsa.Storage;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Steps;

namespace Balsa.Node.Snapshots.Jobs;

/// <summary>Reads a snapshot from disk into a new state.</summary>
public static class Restoring
{
    /// <exception cref="StorageException">The file is damaged, or its content is not what this build knows.</exception>
    public static IEnumerable<IoStep> Run<TProbe>(SnapshotDirectory directory, EntryId snapshot, StateIntake intake)
        where TProbe : struct, IStorageProbe
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(intake);
        return Read<TProbe>(directory, snapshot, intake);
    }

    private static IEnumerable<IoStep> Read<TProbe>(SnapshotDirectory directory, EntryId snapshot, StateIntake intake)
        where TProbe : struct, IStorageProbe
    {
        var step = new IoStep();
        var reader = new SnapshotReader<TProbe>(directory.PathOf(snapshot), directory.IdentityOf(snapshot));
        var sink = new Sink<TProbe>(reader, intake);
        foreach (var next in reader.ReadWhole(step, sink)) yield return next;
        if (!reader.IsWhole) throw new StorageException($"The state cannot be restored: {reader.Problem}");
        if (sink.IsRefused || !intake.TryFinish())
            throw new StorageException($"The state cannot be restored from {directory.PathOf(snapshot)}: {intake.Problem}.");
    }

    private sealed class Sink<TProbe>(SnapshotReader<TProbe> reader, StateIntake intake) : ISnapshotSink
        where TProbe : struct, IStorageProbe
    {
        private bool _begun;

        internal bool IsRefused { get; private set; }

        /// <summary>What makes no sense is passed over: the reader still says whether the file is as it was written.</summary>
        public bool TryTake(ReadOnlySpan<byte> content)
        {
            if (!_begun) intake.Begin(new ContentVersion(reader.Head!.ContentKind, reader.Head.ContentVersion));
            _begun = true;
            IsRefused = IsRefused || !intake.TryTake(content);
            return true;
        }
    }
}

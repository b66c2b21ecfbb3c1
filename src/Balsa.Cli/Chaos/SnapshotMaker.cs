using Balsa.Raft.Log;
using Balsa.Storage;
using Balsa.Storage.Disks;
using Balsa.Storage.Lanes;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Steps;

namespace Balsa.Cli.Chaos;

/// <summary>Makes snapshots beside the log, one at a time, and removes those that nobody needs.</summary>
internal sealed class SnapshotMaker
{
    private const int ContentBytes = 40_000, BlockBytes = 4096;
    private readonly IDisk _disk = SystemDisk.Create();
    private readonly SnapshotDirectory _directory;
    private readonly SnapshotStore<NoStorageProbe> _store;

    /// <exception cref="StorageException">The folder cannot be made.</exception>
    internal SnapshotMaker(string path)
    {
        _directory = WorkerDirectory.Snapshots(path);
        _store = new SnapshotStore<NoStorageProbe>(_directory);
        StepRunner.Run(MakeFolder(path), _disk);
        StepRunner.Run(_store.Open(new IoStep()), _disk);
    }

    /// <summary>True when a snapshot of the entry is on stable media: the log may begin after it.</summary>
    internal bool TryMake(EntryId id)
    {
        var head = new SnapshotHead
        {
            Identity = _directory.IdentityOf(id), Configuration = WorkerDirectory.Members, FeatureLevel = 1, BlockBytes = BlockBytes,
        };
        var writer = new SnapshotWriter<NoStorageProbe>(_directory, head);
        StepRunner.Run(writer.Write(new IoStep(), new Source(LogModel.PayloadOf(id, ContentBytes)), () => true), _disk);
        if (!writer.IsPublished) return false;
        _store.OnPublished(head, writer.FileBytes);
        StepRunner.Run(_store.Prune(new IoStep(), id.Index), _disk);
        return true;
    }

    /// <summary>The newest that is whole, from head to end; nothing when there is none.</summary>
    internal static EntryId FindNewest(string path, LogIndex limit)
    {
        var disk = SystemDisk.Create();
        var store = new SnapshotStore<NoStorageProbe>(WorkerDirectory.Snapshots(path));
        StepRunner.Run(store.Open(new IoStep()), disk);
        StepRunner.Run(store.FindNewest(new IoStep(), limit), disk);
        return store.Newest?.Id ?? default;
    }

    private IEnumerable<IoStep> MakeFolder(string path)
    {
        var io = new IoStep();
        yield return io.MakeDirectory(IoSite.MakeDirectory, _directory.Path);
        io.OrRefuse(path);
        yield return io.SyncDirectory(IoSite.SyncParent, path);
        io.OrRefuse(path);
    }

    private sealed class Source(byte[] content) : ISnapshotSource
    {
        private int _given;

        public int Read(Span<byte> into)
        {
            var count = Math.Min(into.Length, content.Length - _given);
            if (count == 0) return ISnapshotSource.End;
            content.AsSpan(_given, count).CopyTo(into);
            _given += count;
            return count;
        }
    }
}

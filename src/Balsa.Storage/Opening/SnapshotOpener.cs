using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Opening;

/// <summary>
/// Opens the snapshots of a directory whose log is open already, and finds the one to begin with: the newest that is whole
/// and that the log reaches.
/// </summary>
public sealed class SnapshotOpener<TProbe> where TProbe : struct, IStorageProbe
{
    private readonly string _path;
    private readonly OpenedLog _log;

    /// <param name="path">Of the data directory.</param>
    public SnapshotOpener(string path, OpenDirectory<TProbe> opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        (_path, _log) = (path, opened.Log);
        Folder = new SnapshotDirectory(Path.Join(path, DirectoryNames.Snapshots), opened.Group, _log.Identity.Cluster);
        Store = new SnapshotStore<TProbe>(Folder);
    }

    public SnapshotDirectory Folder { get; }

    public SnapshotStore<TProbe> Store { get; }

    /// <exception cref="StorageException">The state cannot be built from what is there, why, and what to do.</exception>
    public IEnumerable<IoStep> Run()
    {
        var step = new IoStep();
        yield return step.MakeDirectory(IoSite.MakeDirectory, Folder.Path);
        step.OrRefuse(_path);
        yield return step.SyncDirectory(IoSite.MakeDirectory, _path);
        step.OrRefuse(_path);
        foreach (var next in Store.Open(step)) yield return next;
        if (Store.Problem is null)
            foreach (var next in Store.FindNewest(step, _log.Last.Index)) yield return next;
        if (Store.Problem is { } problem) throw new StorageException($"The snapshots of {_path} cannot be used: {problem}");
        if (_log.Base.Index.Value == 0 || Store.Newest is { } newest && newest.Id.Index >= _log.Base.Index) yield break;
        throw new StorageException(
            $"The log of {_path} begins after entry {_log.Base}, and no snapshot of what was before can be used. "
            + "Replace this member: the others have its state.");
    }
}

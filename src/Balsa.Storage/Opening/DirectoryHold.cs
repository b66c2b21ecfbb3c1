using Balsa.Storage.Steps;

namespace Balsa.Storage.Opening;

/// <summary>Takes a directory for this process, making it if it is missing, and looks at the names in it.</summary>
internal sealed class DirectoryHold(string path, IoStep io)
{
    internal StoredFile Lock { get; } = new(Path.Combine(path, DirectoryNames.Lock));

    internal DirectoryListing Listing { get; } = new();

    internal IEnumerable<IoStep> Take()
    {
        foreach (var step in MakeWithParents()) yield return step;
        yield return io.Lock(IoSite.LockDirectory, Lock);
        if (io.Error == DiskError.InUse)
        {
            throw new StorageException(
                $"{path} is in use by another process. Stop that one first, or choose another directory.");
        }

        io.OrRefuse(path);
        yield return io.List(IoSite.ListDirectory, path);
        io.OrRefuse(path);
        Listing.TakeTop(io.Names);
        if (!Listing.HasLog) yield break;
        yield return io.List(IoSite.ListDirectory, Path.Combine(path, DirectoryNames.Log));
        io.OrRefuse(path);
        Listing.TakeLog(io.Names);
    }

    /// <summary>Makes the directory and those above it that are missing, each one durable in its parent.</summary>
    private IEnumerable<IoStep> MakeWithParents()
    {
        var missing = new Stack<string>();
        for (var one = path; ; one = Path.GetDirectoryName(one)!)
        {
            yield return io.MakeDirectory(IoSite.MakeDirectory, one);
            missing.Push(one);
            if (io.Error != DiskError.NotFound) io.OrRefuse(path);
            if (io.Error != DiskError.NotFound || string.IsNullOrEmpty(Path.GetDirectoryName(one))) break;
        }

        while (missing.TryPop(out var one))
        {
            yield return io.MakeDirectory(IoSite.MakeDirectory, one);
            io.OrRefuse(path);
            if (string.IsNullOrEmpty(Path.GetDirectoryName(one))) continue;
            yield return io.SyncDirectory(IoSite.SyncParent, Path.GetDirectoryName(one)!);
            io.OrRefuse(path);
        }
    }
}

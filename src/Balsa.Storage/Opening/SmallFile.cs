using Balsa.Storage.Steps;

namespace Balsa.Storage.Opening;

/// <summary>A small file of a data directory, which is there as a whole or not at all.</summary>
internal sealed class SmallFile(string directory, string name, IoStep io)
{
    private const int BytesMax = 1 << 20;
    private readonly string _path = Path.Combine(directory, name);

    /// <summary>What was found or kept last; null when there is no such file.</summary>
    internal byte[]? Content { get; private set; }

    internal IEnumerable<IoStep> Read()
    {
        var file = new StoredFile(_path);
        yield return io.OpenToRead(IoSite.ReadIdentity, file);
        if (io.Error == DiskError.NotFound) yield break;
        io.OrRefuse(directory);
        var bytes = new byte[Math.Min(BytesMax, io.Count)];
        yield return io.Read(IoSite.ReadIdentity, file, 0, bytes);
        io.OrRefuse(directory);
        Content = bytes[..(int)io.Count];
        yield return io.Close(file);
        _ = io.Error;
    }

    /// <summary>Durable when the steps are done.</summary>
    /// <param name="syncs">False only where a planted mistake forgets it.</param>
    internal IEnumerable<IoStep> Write(byte[] bytes, bool syncs = true)
    {
        var unfinished = _path + ".new";
        var file = new StoredFile(unfinished);
        yield return io.Create(IoSite.WriteIdentity, file);
        io.OrRefuse(directory);
        yield return io.Write(IoSite.WriteIdentity, file, 0, bytes);
        io.OrRefuse(directory);
        if (syncs)
        {
            yield return io.Sync(IoSite.SyncIdentity, file);
            io.OrRefuse(directory);
        }

        yield return io.Close(file);
        _ = io.Error;
        yield return io.Rename(IoSite.RenameIdentity, unfinished, _path);
        io.OrRefuse(directory);
        yield return io.SyncDirectory(IoSite.SyncIdentityName, directory);
        io.OrRefuse(directory);
        Content = bytes;
    }
}

using Balsa.Storage.Disks;
using Balsa.Storage.Lanes;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Opening;

/// <summary>
/// A data directory whose member may not know its cluster yet. Held by one process at a time; it keeps one small file, which
/// is there as a whole or not at all, and outlives the founding.
/// </summary>
public sealed class FoundingDirectory : IDisposable
{
    private const int BytesMax = 1 << 20;
    private readonly IDisk _disk = SystemDisk.Create();
    private readonly IoStep _io = new();
    private readonly DirectoryHold _hold;
    private byte[]? _noted;

    private FoundingDirectory(string path)
    {
        Path = path;
        _hold = new DirectoryHold(path, _io);
    }

    public string Path { get; }

    /// <summary>The directory belongs to a member already.</summary>
    public bool HasIdentity => _hold.Listing.HasIdentity;

    /// <summary>What was kept last; null when nothing was.</summary>
    public ReadOnlyMemory<byte>? Noted => _noted is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(_noted);

    /// <exception cref="StorageException">The directory cannot be used, why, and what to do.</exception>
    public static FoundingDirectory Open(string path)
    {
        var directory = new FoundingDirectory(System.IO.Path.GetFullPath(path));
        try
        {
            StepRunner.Run(directory.Take(), directory._disk);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="StorageException">It could not be kept.</exception>
    public void Note(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        StepRunner.Run(Write(bytes), _disk);
        _noted = bytes;
    }

    /// <summary>Lets go of the directory.</summary>
    public void Dispose() => StepRunner.Run(Release(), _disk);

    private IEnumerable<IoStep> Take()
    {
        foreach (var step in _hold.Take()) yield return step;
        var file = new StoredFile(System.IO.Path.Combine(Path, DirectoryNames.Founding));
        yield return _io.OpenToRead(IoSite.ReadIdentity, file);
        if (_io.Error == DiskError.NotFound) yield break;
        _io.OrRefuse(Path);
        var bytes = new byte[Math.Min(BytesMax, _io.Count)];
        yield return _io.Read(IoSite.ReadIdentity, file, 0, bytes);
        _io.OrRefuse(Path);
        _noted = bytes[..(int)_io.Count];
        yield return _io.Close(file);
        _ = _io.Error;
    }

    private IEnumerable<IoStep> Write(byte[] bytes)
    {
        var unfinished = System.IO.Path.Combine(Path, DirectoryNames.NewFounding);
        var file = new StoredFile(unfinished);
        yield return _io.Create(IoSite.WriteIdentity, file);
        _io.OrRefuse(Path);
        yield return _io.Write(IoSite.WriteIdentity, file, 0, bytes);
        _io.OrRefuse(Path);
        yield return _io.Sync(IoSite.SyncIdentity, file);
        _io.OrRefuse(Path);
        yield return _io.Close(file);
        _ = _io.Error;
        yield return _io.Rename(IoSite.RenameIdentity, unfinished, System.IO.Path.Combine(Path, DirectoryNames.Founding));
        _io.OrRefuse(Path);
        yield return _io.SyncDirectory(IoSite.SyncIdentityName, Path);
        _io.OrRefuse(Path);
    }

    private IEnumerable<IoStep> Release()
    {
        if (!_hold.Lock.IsOpen) yield break;
        yield return _io.Close(_hold.Lock);
        _ = _io.Error;
    }
}

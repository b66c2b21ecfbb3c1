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
    private readonly IDisk _disk = SystemDisk.Create();
    private readonly IoStep _io = new();
    private readonly DirectoryHold _hold;
    private readonly SmallFile _note;

    private FoundingDirectory(string path)
    {
        Path = path;
        _hold = new DirectoryHold(path, _io);
        _note = new SmallFile(path, DirectoryNames.Founding, _io);
    }

    public string Path { get; }

    /// <summary>The directory belongs to a member already.</summary>
    public bool HasIdentity => _hold.Listing.HasIdentity;

    /// <summary>What was kept last; null when nothing was.</summary>
    public ReadOnlyMemory<byte>? Noted => _note.Content is { } noted ? noted : default(ReadOnlyMemory<byte>?);

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
        StepRunner.Run(_note.Write(bytes), _disk);
    }

    /// <summary>Lets go of the directory.</summary>
    public void Dispose() => StepRunner.Run(Release(), _disk);

    private IEnumerable<IoStep> Take()
    {
        foreach (var step in _hold.Take()) yield return step;
        foreach (var step in _note.Read()) yield return step;
    }

    private IEnumerable<IoStep> Release()
    {
        if (!_hold.Lock.IsOpen) yield break;
        yield return _io.Close(_hold.Lock);
        _ = _io.Error;
    }
}

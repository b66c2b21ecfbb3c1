namespace Balsa.Storage;

/// <summary>Keeps a second process out of a data directory. The system frees the lock when the process dies, however it dies.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    internal static DirectoryLock Take(string path)
    {
        try
        {
            return new DirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException busy)
        {
            throw new StorageException(
                $"{Path.GetDirectoryName(path)} is in use by another process. Stop that one first, or choose another directory.", busy);
        }
    }

    public void Dispose() => _file.Dispose();
}

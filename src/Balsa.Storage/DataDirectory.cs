using Balsa.Raft.Membership;
using Balsa.Storage.Files;
using Balsa.Storage.Wal;

namespace Balsa.Storage;

/// <summary>
/// The directory of one member: <c>LOCK</c>, <c>identity</c>, <c>wal/</c>. Opened by one process at a time; half of a
/// directory, or one that belongs to somebody else, is refused and never repaired by guessing.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private readonly DirectoryLock _lock;

    private DataDirectory(string path, DirectoryLock held, FileLog log) => (Path, _lock, Log) = (path, held, log);

    public string Path { get; }

    public FileLog Log { get; }

    /// <param name="path">Made if it is not there.</param>
    /// <param name="owner">Who opens it; must be who made it.</param>
    /// <param name="founding">The membership of a new cluster: kept in a new directory, compared by the caller in an old one.</param>
    public static DataDirectory Open(string path, DirectoryIdentity owner, Configuration founding)
    {
        StableMedia.SelfTest();
        DirectoryLock? held = null;
        try
        {
            Directory.CreateDirectory(path);
            held = DirectoryLock.Take(System.IO.Path.Combine(path, "LOCK"));
            var log = OpenLog(path, owner, founding);
            return new DataDirectory(path, held, log);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new StorageException(
                $"{path} cannot be used: {problem.Message} Correct its owner and rights, or choose another directory.", problem);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Log.Dispose();
        _lock.Dispose();
    }

    private static FileLog OpenLog(string path, DirectoryIdentity owner, Configuration founding)
    {
        var identityPath = System.IO.Path.Combine(path, "identity");
        var walDirectory = System.IO.Path.Combine(path, "wal");
        var logPath = System.IO.Path.Combine(walDirectory, "00000001.log");
        if (!File.Exists(identityPath)) Make(path, identityPath, walDirectory, logPath, owner, founding);
        var identity = DirectoryIdentity.TryRead(File.ReadAllBytes(identityPath))
            ?? throw new StorageException(
                $"{identityPath} is damaged or of a newer version, so nobody can say whose data this is. "
                + "Restore the file, or replace this member.");
        if (identity != owner)
        {
            throw new StorageException(
                $"{path} belongs to member {identity.Member.Value} of cluster {identity.Cluster:x} (incarnation {identity.Incarnation}), "
                + $"not to member {owner.Member.Value} of cluster {owner.Cluster:x} (incarnation {owner.Incarnation}). "
                + "Start it with the identity it has, or choose another directory.");
        }

        if (!File.Exists(logPath))
            throw new StorageException($"{path} has an identity but no log at {logPath}. Restore the log, or replace this member.");
        return FileLog.Open(logPath, owner);
    }

    /// <summary>The log first, the identity last: a crash in between leaves a log that never promised anything and is made anew.</summary>
    private static void Make(
        string path, string identityPath, string walDirectory, string logPath, DirectoryIdentity owner, Configuration founding)
    {
        if (File.Exists(logPath) && !FileLog.IsUnused(logPath))
        {
            throw new StorageException(
                $"{path} has a log but no identity, so nobody can say whose log it is. Restore the identity file, or replace this member.");
        }

        Directory.CreateDirectory(walDirectory);
        FileLog.Create(logPath, owner, founding);
        StableMedia.SyncDirectory(path);
        StableMedia.WriteWhole(identityPath, owner.ToBytes());
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { Length: > 0 } parent) StableMedia.SyncDirectory(parent);
    }
}

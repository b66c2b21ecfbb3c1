namespace Balsa.Storage.Disks;

/// <summary>What a directory lies on, as far as it limits what an acknowledgement is worth.</summary>
public static class StorageMedium
{
    private const int LongsOfFacts = 64; // Linux fills in 15.

    /// <summary>A sentence for the log when a directory is not on a local disk; null when it is, or when nobody can tell.</summary>
    public static unsafe string? WarningFor(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var facts = stackalloc long[LongsOfFacts];
        return LinuxCalls.FileSystemOf(path, facts) == 0 ? WarningFor(path, (uint)facts[0]) : null;
    }

    /// <param name="type">The magic number of the file system, from its own source.</param>
    internal static string? WarningFor(string path, uint type) => type switch
    {
        0x01021994 => InMemory(path, "tmpfs"),
        0x858458F6 => InMemory(path, "ramfs"),
        0x794C7630 => $"{path} is on overlayfs, the layer of a container: what is acknowledged there does not survive the container, "
            + "because the layer is removed with it. Mount a volume and choose a directory on it.",
        0x6969 => Elsewhere(path, "NFS"),
        0xFF534D42 or 0xFE534D42 => Elsewhere(path, "SMB"),
        0x01021997 => Elsewhere(path, "9P"),
        0x65735546 => $"{path} is on FUSE: what is acknowledged there may not survive a crash, because the program behind it decides "
            + "what a sync does. Choose a directory on a local disk.",
        _ => null,
    };

    private static string InMemory(string path, string name) =>
        $"{path} is on {name}: what is acknowledged there does not survive a restart of the machine, because it is kept in memory. "
        + "Choose a directory on a disk.";

    private static string Elsewhere(string path, string name) =>
        $"{path} is on {name}: what is acknowledged there may not survive a failure of the file server, and two machines may both hold "
        + "the lock, because the server decides what a sync and a lock do. Choose a directory on a local disk.";
}

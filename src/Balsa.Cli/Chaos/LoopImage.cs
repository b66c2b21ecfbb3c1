namespace Balsa.Cli.Chaos;

/// <summary>A file system in a file, whose power can be cut. Unmounted and removed at the end, whatever happens.</summary>
internal sealed class LoopImage : IDisposable
{
    /// <summary>xfs refuses anything smaller than 300 MiB. The file has holes, so it does not take that much.</summary>
    private const long ImageBytes = 320L << 20;
    private readonly string _folder;
    private readonly string _image;
    private bool _mounted;

    /// <exception cref="ChaosException">It cannot be made.</exception>
    internal LoopImage(string fileSystem)
    {
        _folder = Directory.CreateTempSubdirectory("balsa-power-cut-").FullName;
        (_image, Root) = (Path.Combine(_folder, "image"), Path.Combine(_folder, "root"));
        try
        {
            Directory.CreateDirectory(Root);
            using (var file = File.Create(_image)) file.SetLength(ImageBytes);
            if (fileSystem == "xfs") SystemTool.Run("mkfs.xfs", "-q", _image);
            else SystemTool.Run("mkfs.ext4", "-q", "-F", _image);
            Mount();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it is mounted.</summary>
    internal string Root { get; }

    /// <summary>The programs that the file system needs, and the Debian package of each.</summary>
    internal static IReadOnlyList<(string Program, string Package)> NeededFor(string fileSystem) =>
    [
        ("mount", "mount"), ("umount", "mount"), ("xfs_io", "xfsprogs"),
        fileSystem == "xfs" ? ("mkfs.xfs", "xfsprogs") : ("mkfs.ext4", "e2fsprogs"),
    ];

    /// <summary>
    /// From here on nothing reaches the medium, neither data nor the journal: what was not synced is as lost as if the power
    /// had failed.
    /// </summary>
    internal void CutPower() => SystemTool.Run("xfs_io", "-x", "-c", "shutdown", Root);

    /// <summary>The power is back: the kernel replays its journal. Nobody uses the file system any more.</summary>
    internal void Restart()
    {
        SystemTool.Run("umount", Root);
        _mounted = false;
        Mount();
    }

    public void Dispose()
    {
        if (_mounted && SystemTool.TryRun("umount", Root) is not null) SystemTool.TryRun("umount", "-l", Root);
        _mounted = false;
        Directory.Delete(_folder, recursive: true);
    }

    private void Mount()
    {
        SystemTool.Run("mount", "-o", "loop", _image, Root);
        _mounted = true;
    }
}

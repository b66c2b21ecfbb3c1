namespace Balsa.Cli.Chaos;

/// <summary>A small file system in memory, and a balloon that takes all the room that is left. Unmounted at the end.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int ChunkBytes = 64 << 10;
    private readonly string _folder;
    private readonly string _balloon;

    /// <exception cref="ChaosException">It cannot be mounted.</exception>
    internal SmallDisk(int megabytes)
    {
        _folder = Directory.CreateTempSubdirectory("balsa-disk-full-").FullName;
        Root = Path.Combine(_folder, "root");
        _balloon = Path.Combine(Root, "balloon");
        Directory.CreateDirectory(Root);
        if (SystemTool.TryRun("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Root) is not { } problem) return;
        Directory.Delete(_folder, recursive: true);
        throw new ChaosException($"a tmpfs cannot be mounted: {problem}");
    }

    internal static IReadOnlyList<(string Program, string Package)> Needed { get; } = [("mount", "mount"), ("umount", "mount")];

    /// <summary>Where it is mounted.</summary>
    internal string Root { get; }

    /// <summary>Takes the room that is free now. What is freed later, by whomever, is free.</summary>
    internal void Fill()
    {
        var chunk = new byte[ChunkBytes];
        try
        {
            using var file = new FileStream(_balloon, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true) file.Write(chunk);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    internal void MakeRoom() => File.Delete(_balloon);

    public void Dispose()
    {
        if (SystemTool.TryRun("umount", Root) is not null) SystemTool.TryRun("umount", "-l", Root);
        Directory.Delete(_folder, recursive: true);
    }
}

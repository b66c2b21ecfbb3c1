using System.Diagnostics;
using Balsa.Storage.Disks;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Disks;

/// <summary>A disk on a directory of its own, with one step to try things with. Steps must succeed unless a test says otherwise.</summary>
internal sealed class DiskBed : IDisposable
{
    private readonly IDisk _disk;
    private bool _mounted;

    private DiskBed(IDisk disk) => _disk = disk;

    /// <summary>Both run on Linux; what only the system itself can tell is tried with the first alone.</summary>
    public static TheoryData<string> Kinds => OperatingSystem.IsLinux() ? ["linux", "portable"] : ["portable"];

    public IoStep Step { get; } = new();

    public string Root { get; } = Directory.CreateTempSubdirectory("balsa-disk-").FullName;

    public static DiskBed Of(string kind)
    {
        Assert.SkipUnless(kind == "portable" || OperatingSystem.IsLinux(), "The calls of Linux exist on Linux only.");
        return new DiskBed(kind == "linux" ? new LinuxDisk() : new PortableDisk());
    }

    public string PathOf(string name) => Path.Combine(Root, name);

    public StoredFile FileOf(string name) => new(PathOf(name));

    public IoStep Do(IoStep step)
    {
        var wanted = step.ToString();
        _disk.Execute(step);
        Assert.True(step.Error == DiskError.None, $"{wanted}: {step.Error}, error {step.ErrorNumber}");
        return step;
    }

    public void Fails(DiskError expected, IoStep step)
    {
        _disk.Execute(step);
        Assert.Equal(expected, step.Error);
        Assert.NotEqual(0, step.ErrorNumber);
    }

    public StoredFile Created(string name, string content = "")
    {
        var file = FileOf(name);
        Do(Step.Create(IoSite.CreateSpare, file));
        Do(Step.Write(IoSite.ZeroSpare, file, 0, System.Text.Encoding.UTF8.GetBytes(content)));
        return file;
    }

    /// <summary>A small file system in memory below the root; skips the test where that is not permitted.</summary>
    public string Mount(string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a file system.");
        var path = Directory.CreateDirectory(PathOf("mounted")).FullName;
        _mounted = Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);
        Assert.SkipUnless(_mounted, "Mounting is not permitted here.");
        return path;
    }

    public void Remount(string options) => Assert.True(Run("mount", "-o", $"remount,{options}", PathOf("mounted")));

    public void Dispose()
    {
        if (_mounted) Run("umount", "-l", PathOf("mounted"));
        Directory.Delete(Root, recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

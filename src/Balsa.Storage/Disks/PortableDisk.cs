using Balsa.Storage.Steps;

namespace Balsa.Storage.Disks;

/// <summary>
/// Steps as calls of the runtime, for macOS and Windows. Never on Linux, where the runtime hides failures of sync; the
/// tests run it there for everything else.
/// </summary>
internal sealed class PortableDisk : IDisk
{
    // Others may rename and delete what is open, as everywhere but on Windows.
    private const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnlyFile | UnixFileMode.UserExecute;

    public void Execute(IoStep step)
    {
        try
        {
            Carry(step);
        }
        catch (Exception problem)
        {
            PortableErrors.Fail(step, problem);
        }
    }

    private static void Carry(IoStep step)
    {
        switch (step.Kind)
        {
            case StepKind.Write: RandomAccess.Write(FileOf(step).SafeFileHandle, step.Bytes.Span, step.Offset); break;
            case StepKind.Sync: RandomAccess.FlushToDisk(FileOf(step).SafeFileHandle); break;
            case StepKind.Read: Read(step); break;
            case StepKind.MakeDirectory: MakeDirectory(step.Path); break;
            case StepKind.List: List(step); break;
            case StepKind.Lock: Open(step, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); break;
            case StepKind.Create: Open(step, FileMode.Create, FileAccess.ReadWrite, Shared); break;
            case StepKind.Open: Open(step, FileMode.Open, FileAccess.ReadWrite, Shared); break;
            case StepKind.OpenToRead: Open(step, FileMode.Open, FileAccess.Read, Shared); break;
            case StepKind.Close: Close(step); break;
            case StepKind.Rename: File.Move(step.Path, step.Target, overwrite: true); break;
            case StepKind.Delete: Delete(step.Path); break;
            case StepKind.SyncDirectory: SyncDirectory(step); break;
            default: step.Fail(DiskError.Other, Errno.Invalid); break;
        }
    }

    private static void Read(IoStep step)
    {
        var file = FileOf(step).SafeFileHandle;
        var into = step.Into.Span;
        var done = 0;
        while (done < into.Length && RandomAccess.Read(file, into[done..], step.Offset + done) is > 0 and var read) done += read;
        step.Count = done;
    }

    private static void MakeDirectory(string path)
    {
        // The runtime would make missing parents too, and nobody would sync their names.
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is not null && !Directory.Exists(parent)) throw new DirectoryNotFoundException(parent);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnlyDirectory);
    }

    private static void List(IoStep step)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(step.Path)) step.Names.Add(Path.GetFileName(entry));
    }

    private static void Open(IoStep step, FileMode mode, FileAccess access, FileShare share)
    {
        if (step.File!.IsOpen)
        {
            step.Fail(DiskError.InUse, Errno.Busy);
            return;
        }

        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnlyFile;
        var file = new FileStream(step.Path, options);
        (step.File.Handle, step.Count) = (file, file.Length);
    }

    private static void Close(IoStep step)
    {
        var file = FileOf(step);
        step.File!.Handle = null;
        file.Dispose();
    }

    private static void Delete(string path)
    {
        // The runtime finds nothing wrong with deleting what is not there.
        if (!File.Exists(path)) throw new FileNotFoundException(null, path);
        File.Delete(path);
    }

    /// <summary>Windows journals names itself and has no call for it. Elsewhere the runtime has none, but the system has.</summary>
    private static void SyncDirectory(IoStep step)
    {
        if (!Directory.Exists(step.Path)) throw new DirectoryNotFoundException(step.Path);
        if (OperatingSystem.IsWindows()) return;
        var descriptor = LinuxCalls.Open(step.Path, LinuxCalls.ReadOnly, 0);
        if (descriptor < 0 || LinuxCalls.Sync(descriptor) != 0) step.Fail(Errno.Meaning(LinuxCalls.Error), LinuxCalls.Error);
        if (descriptor >= 0) _ = LinuxCalls.Close(descriptor);
    }

    private static FileStream FileOf(IoStep step) =>
        step.File?.Handle as FileStream ?? throw new ObjectDisposedException(step.Path, "The file is not open.");
}

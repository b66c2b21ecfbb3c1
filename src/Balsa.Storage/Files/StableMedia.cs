using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Balsa.Storage.Files;

/// <summary>Makes what was written survive a power cut, or throws. The one file that differs between platforms.</summary>
internal static class StableMedia
{
    private const int NoSuchDescriptor = -1;

    /// <summary>A binding that does not report errors would let a node lie, so it is tried once on a call that must fail.</summary>
    internal static void SelfTest()
    {
        if (OperatingSystem.IsLinux() && (LibC.SyncData(NoSuchDescriptor) == 0 || Marshal.GetLastPInvokeError() == 0))
            throw new StorageException(
                "fdatasync reports success for a file that does not exist. This system cannot be trusted to store anything.");
    }

    internal static void SyncData(SafeFileHandle file, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            // Elsewhere the runtime asks for the strongest flush there is, and reports its errors.
            RandomAccess.FlushToDisk(file);
            return;
        }

        var held = false;
        try
        {
            file.DangerousAddRef(ref held);
            Check(LibC.SyncData((int)file.DangerousGetHandle()), "fdatasync", path);
        }
        finally
        {
            if (held) file.DangerousRelease();
        }
    }

    /// <summary>A new, renamed or deleted file is durable only once its directory is.</summary>
    internal static void SyncDirectory(string path)
    {
        // Windows journals directories itself and has no call for it.
        if (OperatingSystem.IsWindows()) return;
        var descriptor = LibC.Open(path, LibC.OpenReadOnly);
        Check(descriptor, "open", path);
        var synced = LibC.Sync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = LibC.Close(descriptor);
        Marshal.SetLastPInvokeError(error);
        Check(synced, "fsync", path);
    }

    /// <summary>Writes a small file so that after a crash it is there wholly or not at all.</summary>
    internal static void WriteWhole(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            SyncData(file, temporary);
        }

        File.Move(temporary, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static void Check(int result, string call, string path)
    {
        if (result >= 0) return;
        var error = Marshal.GetLastPInvokeError();
        throw new StorageException($"{call} of {path} failed: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");
    }
}

using Balsa.Storage.Steps;

namespace Balsa.Storage.Disks;

/// <summary>
/// Asks the system for syncs that must fail. One that "succeeds", or fails without saying why, is the sign of a binding
/// that swallows errors; a node on top of it would acknowledge what the disk does not hold.
/// </summary>
internal static class StorageSelfTest
{
    private const int NeverOpen = -1;

    internal static void Run(IDisk disk)
    {
        if (!Environment.Is64BitProcess)
            throw new StorageException("This is a 32-bit process, and files here have 64-bit offsets. Run a 64-bit build of Balsa.");
        MustFail(disk, "a closed file", NeverOpen, Errno.BadDescriptor);
        MustFailOnPipe(disk);
        MustFail("fsync", LinuxCalls.Sync(NeverOpen) == 0 ? 0 : LinuxCalls.Error, Errno.BadDescriptor);
    }

    private static unsafe void MustFailOnPipe(IDisk disk)
    {
        var ends = stackalloc int[2];
        // Out of descriptors is no reason not to believe the disk; whoever opens the files will say so.
        if (LinuxCalls.Pipe(ends, LinuxCalls.NotInChildren) != 0) return;
        try
        {
            MustFail(disk, "a pipe", ends[1], Errno.Invalid);
        }
        finally
        {
            _ = LinuxCalls.Close(ends[0]);
            _ = LinuxCalls.Close(ends[1]);
        }
    }

    private static void MustFail(IDisk disk, string what, int descriptor, int expected)
    {
        var step = new IoStep().Sync(IoSite.None, new StoredFile(what) { Handle = new LinuxDisk.Descriptor(descriptor) });
        disk.Execute(step);
        MustFail($"fdatasync of {what}", step.Failed ? step.ErrorNumber : 0, expected);
    }

    private static void MustFail(string call, int error, int expected)
    {
        if (error == expected) return;
        throw new StorageException(
            $"{call} must fail with error {expected} and gave {error}: this system does not report when a sync fails, "
            + "so it could lose what was acknowledged. Run Balsa on another system, or with another runtime.");
    }
}

using Balsa.Storage.Steps;

namespace Balsa.Storage.Disks;

/// <summary>The disk of the machine this runs on.</summary>
public static class SystemDisk
{
    /// <summary>Throws a <see cref="StorageException"/> when this system does not report errors: it could not be believed.</summary>
    public static IDisk Create()
    {
        // Not the portable one on Linux: the runtime hides failures of sync there.
        if (!OperatingSystem.IsLinux()) return new PortableDisk();
        var disk = new LinuxDisk();
        StorageSelfTest.Run(disk);
        return disk;
    }
}

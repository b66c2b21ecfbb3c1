using Balsa.Storage.Disks;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Disks;

/// <summary>Which disk there is, whether it can be believed, and what it lies on.</summary>
public sealed class SystemDiskTests
{
    [Fact]
    public void The_disk_of_a_server_never_asks_the_runtime()
    {
        var disk = SystemDisk.Create();
        Assert.Equal(OperatingSystem.IsLinux() ? typeof(LinuxDisk) : typeof(PortableDisk), disk.GetType());
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(DiskError.Other, 0)]
    [InlineData(DiskError.Io, 5)]
    public void A_disk_that_does_not_say_why_a_sync_failed_is_refused(DiskError? answer, int number)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The self-test makes calls of Linux.");
        var problem = Assert.Throws<StorageException>(() => StorageSelfTest.Run(new AnsweringDisk(answer, number)));
        Assert.Contains($"gave {number}", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x01021994u, "tmpfs", "restart of the machine")]
    [InlineData(0x858458F6u, "ramfs", "restart of the machine")]
    [InlineData(0x794C7630u, "overlayfs", "does not survive the container")]
    [InlineData(0x6969u, "NFS", "failure of the file server")]
    [InlineData(0xFF534D42u, "SMB", "failure of the file server")]
    [InlineData(0x65735546u, "FUSE", "may not survive a crash")]
    public void A_directory_that_is_on_no_disk_is_warned_of(uint type, string name, string reason)
    {
        var warning = StorageMedium.WarningFor("data/n1", type);
        Assert.StartsWith($"data/n1 is on {name}", warning, StringComparison.Ordinal);
        Assert.Contains(reason, warning, StringComparison.Ordinal);
        Assert.Contains("hoose a directory on", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xEF53u)] // ext4
    [InlineData(0x58465342u)] // xfs
    [InlineData(0x9123683Eu)] // btrfs
    [InlineData(0x2FC12FC1u)] // zfs
    public void A_directory_on_a_disk_is_not_warned_of(uint type) => Assert.Null(StorageMedium.WarningFor("data/n1", type));

    [Fact]
    public void The_system_says_what_a_directory_is_on()
    {
        using var bed = DiskBed.Of("linux");
        var path = bed.Mount("size=64k");
        Assert.Contains("tmpfs", StorageMedium.WarningFor(path), StringComparison.Ordinal);
        Assert.Null(StorageMedium.WarningFor("/proc"));
        Assert.Null(StorageMedium.WarningFor(bed.PathOf("missing")));
    }

    private sealed class AnsweringDisk(DiskError? answer, int number) : IDisk
    {
        public void Execute(IoStep step)
        {
            if (answer is { } error) step.Fail(error, number);
        }
    }
}

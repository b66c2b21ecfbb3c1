using Balsa.Storage.Disks;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Disks;

/// <summary>Errors that the system really gives, and what they are called.</summary>
public sealed class DiskErrorTests
{
    private const string AlwaysFull = "/dev/full";

    // Not even root may write to an attribute of the kernel that takes no writes.
    private const string NotForWriting = "/sys/kernel/fscaps";

    public static TheoryData<string> Kinds => DiskBed.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public void A_missing_file_is_not_found(string kind)
    {
        using var bed = DiskBed.Of(kind);
        var missing = bed.FileOf("missing");
        bed.Fails(DiskError.NotFound, bed.Step.Open(IoSite.OpenSegment, missing));
        bed.Fails(DiskError.NotFound, bed.Step.OpenToRead(IoSite.OpenEntries, missing));
        bed.Fails(DiskError.NotFound, bed.Step.Rename(IoSite.RenameSegment, missing.Path, bed.PathOf("b")));
        bed.Fails(DiskError.NotFound, bed.Step.List(IoSite.ListDirectory, missing.Path));
        bed.Fails(DiskError.NotFound, bed.Step.SyncDirectory(IoSite.SyncParent, missing.Path));
        bed.Fails(DiskError.NotFound, bed.Step.Create(IoSite.CreateSpare, bed.FileOf("no/parent")));
        bed.Fails(DiskError.NotFound, bed.Step.Lock(IoSite.LockDirectory, bed.FileOf("no/parent")));
        Assert.False(missing.IsOpen);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_full_device_is_no_space(string kind)
    {
        Assert.SkipUnless(File.Exists(AlwaysFull), "There is no device that is always full.");
        using var bed = DiskBed.Of(kind);
        var full = new StoredFile(AlwaysFull);
        bed.Do(bed.Step.Open(IoSite.OpenSegment, full));
        bed.Fails(DiskError.NoSpace, bed.Step.Write(IoSite.WriteBatch, full, 0, new byte[4096]));
        Assert.Equal(Errno.NoSpace, bed.Step.ErrorNumber);
        bed.Do(bed.Step.Close(full));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_write_that_fits_in_part_fails(string kind)
    {
        using var bed = DiskBed.Of(kind);
        bed.Mount("size=64k");
        var file = bed.Created("mounted/a");
        bed.Fails(DiskError.NoSpace, bed.Step.Write(IoSite.WriteBatch, file, 0, new byte[200_000]));
        bed.Do(bed.Step.Close(file));
        // The kernel took a part and reported no error: that came with the rest.
        Assert.InRange(new FileInfo(file.Path).Length, 4096, 65536);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_file_system_for_reading_says_so(string kind)
    {
        using var bed = DiskBed.Of(kind);
        bed.Mount("size=64k");
        bed.Do(bed.Step.Close(bed.Created("mounted/a", "there")));
        bed.Remount("ro");
        bed.Fails(DiskError.ReadOnly, bed.Step.Create(IoSite.CreateSpare, bed.FileOf("mounted/b")));
        bed.Fails(DiskError.ReadOnly, bed.Step.Open(IoSite.OpenSegment, bed.FileOf("mounted/a")));
        bed.Fails(DiskError.ReadOnly, bed.Step.Delete(IoSite.DeleteFreed, bed.PathOf("mounted/a")));
        bed.Fails(DiskError.ReadOnly, bed.Step.MakeDirectory(IoSite.MakeDirectory, bed.PathOf("mounted/d")));
        bed.Fails(DiskError.ReadOnly, bed.Step.Rename(IoSite.RenameSegment, bed.PathOf("mounted/a"), bed.PathOf("mounted/b")));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Rights_that_do_not_suffice_are_denied(string kind)
    {
        Assert.SkipUnless(File.Exists(NotForWriting), "There is no file that not even root may write to.");
        using var bed = DiskBed.Of(kind);
        bed.Fails(DiskError.Denied, bed.Step.Open(IoSite.OpenSegment, new StoredFile(NotForWriting)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_file_that_is_not_open_can_be_used_for_nothing(string kind)
    {
        using var bed = DiskBed.Of(kind);
        var closed = bed.Created("a", "kept");
        bed.Do(bed.Step.Close(closed));
        bed.Fails(DiskError.Other, bed.Step.Write(IoSite.WriteBatch, closed, 0, new byte[1]));
        bed.Fails(DiskError.Other, bed.Step.Read(IoSite.ReadEntries, closed, 0, new byte[1]));
        bed.Fails(DiskError.Other, bed.Step.Sync(IoSite.SyncBatch, closed));
        bed.Fails(DiskError.Other, bed.Step.Close(closed));
        Assert.Equal("kept", File.ReadAllText(closed.Path));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_file_that_is_open_is_not_opened_over_it(string kind)
    {
        using var bed = DiskBed.Of(kind);
        var file = bed.Created("a", "kept");
        var handle = file.Handle;
        bed.Fails(DiskError.InUse, bed.Step.Open(IoSite.OpenSegment, file));
        bed.Fails(DiskError.InUse, bed.Step.Create(IoSite.CreateSpare, file));
        Assert.Same(handle, file.Handle);
        bed.Do(bed.Step.Close(file));
        Assert.Equal("kept", File.ReadAllText(file.Path));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_wait_is_not_for_the_disk(string kind)
    {
        using var bed = DiskBed.Of(kind);
        bed.Fails(DiskError.Other, bed.Step.Wait());
    }

    [Fact]
    public void The_system_says_which_descriptor_is_bad()
    {
        using var bed = DiskBed.Of("linux");
        bed.Do(bed.Step.Close(bed.Created("a", "kept")));
        var file = bed.FileOf("a");
        bed.Do(bed.Step.OpenToRead(IoSite.OpenEntries, file));
        bed.Fails(DiskError.Other, bed.Step.Write(IoSite.WriteBatch, file, 0, new byte[1]));
        Assert.Equal(Errno.BadDescriptor, bed.Step.ErrorNumber);
        bed.Do(bed.Step.Close(file));

        var gone = new StoredFile("gone") { Handle = new LinuxDisk.Descriptor(-1) };
        foreach (var step in Every(gone))
        {
            new LinuxDisk().Execute(step);
            Assert.Equal((DiskError.Other, Errno.BadDescriptor), (step.Error, step.ErrorNumber));
        }

        Assert.False(gone.IsOpen);
    }

    [Theory]
    [InlineData(5, DiskError.Io), InlineData(117, DiskError.Io), InlineData(121, DiskError.Io), InlineData(61, DiskError.Io)]
    [InlineData(28, DiskError.NoSpace), InlineData(122, DiskError.NoSpace), InlineData(30, DiskError.ReadOnly)]
    [InlineData(1, DiskError.Denied), InlineData(13, DiskError.Denied), InlineData(2, DiskError.NotFound)]
    [InlineData(23, DiskError.TooManyFiles), InlineData(24, DiskError.TooManyFiles), InlineData(11, DiskError.InUse)]
    [InlineData(0, DiskError.None), InlineData(9, DiskError.Other), InlineData(22, DiskError.Other), InlineData(9999, DiskError.Other)]
    public void Numbers_of_Linux_have_a_meaning(int number, DiskError expected) => Assert.Equal(expected, Errno.Meaning(number));

    [Theory]
    [InlineData(0x80070070, DiskError.NoSpace), InlineData(0x80070027, DiskError.NoSpace), InlineData(0x80070020, DiskError.InUse)]
    [InlineData(0x80070013, DiskError.ReadOnly), InlineData(0x80070004, DiskError.TooManyFiles), InlineData(0x80070017, DiskError.Io)]
    [InlineData(0x8007045D, DiskError.Io), InlineData(0x80070005, DiskError.Denied), InlineData(0x80070002, DiskError.NotFound)]
    [InlineData(28, DiskError.NoSpace), InlineData(5, DiskError.Io)]
    [InlineData(0x80131620, DiskError.Other), InlineData(0, DiskError.Other)]
    public void Numbers_of_exceptions_have_a_meaning(uint result, DiskError expected) =>
        Assert.Equal(expected, PortableErrors.Meaning(unchecked((int)result)));

    private static IEnumerable<IoStep> Every(StoredFile file)
    {
        var step = new IoStep();
        yield return step.Write(IoSite.WriteBatch, file, 0, new byte[1]);
        yield return step.Read(IoSite.ReadEntries, file, 0, new byte[1]);
        yield return step.Sync(IoSite.SyncBatch, file);
        yield return step.Close(file);
    }
}

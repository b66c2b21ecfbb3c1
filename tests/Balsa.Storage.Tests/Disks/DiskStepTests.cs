using Balsa.Storage.Disks;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Disks;

/// <summary>What each step does, on a real directory, for every disk.</summary>
public sealed class DiskStepTests
{
    public static TheoryData<string> Kinds => DiskBed.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_written_is_read_back_by_whoever_opens_the_file_again(string kind)
    {
        using var bed = DiskBed.Of(kind);
        var file = bed.Created("a", "0123456789");
        bed.Do(bed.Step.Write(IoSite.WriteBatch, file, 4, "four"u8.ToArray()));
        bed.Do(bed.Step.Sync(IoSite.SyncBatch, file));
        bed.Do(bed.Step.Close(file));
        Assert.False(file.IsOpen);

        var again = bed.FileOf("a");
        Assert.Equal(10, bed.Do(bed.Step.OpenToRead(IoSite.OpenEntries, again)).Count);
        var into = new byte[6];
        Assert.Equal(6, bed.Do(bed.Step.Read(IoSite.ReadEntries, again, 3, into)).Count);
        Assert.Equal("3four8"u8.ToArray(), into);
        bed.Do(bed.Step.Close(again));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_read_stops_at_the_end_of_the_file_and_says_how_far_it_came(string kind)
    {
        using var bed = DiskBed.Of(kind);
        var file = bed.Created("a", "abc");
        var into = new byte[8];
        Assert.Equal(2, bed.Do(bed.Step.Read(IoSite.ReadEntries, file, 1, into)).Count);
        Assert.Equal("bc\0\0\0\0\0\0"u8.ToArray(), into);
        Assert.Equal(0, bed.Do(bed.Step.Read(IoSite.ReadEntries, file, 3, into)).Count);
        Assert.Equal(0, bed.Do(bed.Step.Read(IoSite.ReadEntries, file, 0, Memory<byte>.Empty)).Count);
        bed.Do(bed.Step.Close(file));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Offsets_may_lie_behind_four_gigabytes(string kind)
    {
        using var bed = DiskBed.Of(kind);
        var file = bed.Created("a");
        var far = (1L << 33) + 5;
        bed.Do(bed.Step.Write(IoSite.WriteBatch, file, far, "far"u8.ToArray()));
        bed.Do(bed.Step.Close(file));
        Assert.Equal(far + 3, bed.Do(bed.Step.Open(IoSite.OpenSegment, file)).Count);
        var into = new byte[3];
        Assert.Equal(3, bed.Do(bed.Step.Read(IoSite.ReadEntries, file, far, into)).Count);
        Assert.Equal("far"u8.ToArray(), into);
        bed.Do(bed.Step.Close(file));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Creating_a_file_that_exists_empties_it(string kind)
    {
        using var bed = DiskBed.Of(kind);
        bed.Do(bed.Step.Close(bed.Created("a", "old")));
        bed.Do(bed.Step.Close(bed.Created("a", "")));
        Assert.Empty(File.ReadAllBytes(bed.PathOf("a")));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Opening_for_writing_keeps_what_is_there(string kind)
    {
        using var bed = DiskBed.Of(kind);
        bed.Do(bed.Step.Close(bed.Created("a", "kept")));
        var file = bed.FileOf("a");
        Assert.Equal(4, bed.Do(bed.Step.Open(IoSite.OpenSegment, file)).Count);
        bed.Do(bed.Step.Write(IoSite.WriteBatch, file, 4, "+"u8.ToArray()));
        bed.Do(bed.Step.Close(file));
        Assert.Equal("kept+", File.ReadAllText(bed.PathOf("a")));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_list_has_every_name_of_the_directory_and_no_other(string kind)
    {
        using var bed = DiskBed.Of(kind);
        foreach (var name in (string[])["00000001.wal", ".hidden", "zwölf"]) bed.Do(bed.Step.Close(bed.Created(name)));
        bed.Do(bed.Step.MakeDirectory(IoSite.MakeDirectory, bed.PathOf("sub")));
        bed.Do(bed.Step.List(IoSite.ListDirectory, bed.Root));
        Assert.Equal([".hidden", "00000001.wal", "sub", "zwölf"], bed.Step.Names.Order(StringComparer.Ordinal));
        bed.Do(bed.Step.List(IoSite.ListDirectory, bed.PathOf("sub")));
        Assert.Empty(bed.Step.Names);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_rename_takes_the_place_of_what_had_the_name_and_the_open_file_goes_with_it(string kind)
    {
        using var bed = DiskBed.Of(kind);
        bed.Do(bed.Step.Close(bed.Created("target", "old")));
        var file = bed.Created("new", "n");
        bed.Do(bed.Step.Rename(IoSite.RenameSegment, file.Path, bed.PathOf("target")));
        bed.Do(bed.Step.Write(IoSite.WriteBatch, file, 1, "ew"u8.ToArray()));
        bed.Do(bed.Step.SyncDirectory(IoSite.SyncSegmentName, bed.Root));
        bed.Do(bed.Step.Close(file));
        Assert.False(File.Exists(bed.PathOf("new")));
        Assert.Equal("new", File.ReadAllText(bed.PathOf("target")));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_deleted_file_is_gone(string kind)
    {
        using var bed = DiskBed.Of(kind);
        bed.Do(bed.Step.Close(bed.Created("a")));
        bed.Do(bed.Step.Delete(IoSite.DeleteFreed, bed.PathOf("a")));
        Assert.False(File.Exists(bed.PathOf("a")));
        bed.Fails(DiskError.NotFound, bed.Step.Delete(IoSite.DeleteFreed, bed.PathOf("a")));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_directory_may_exist_already_but_not_a_file_of_its_name(string kind)
    {
        using var bed = DiskBed.Of(kind);
        bed.Do(bed.Step.MakeDirectory(IoSite.MakeDirectory, bed.PathOf("d")));
        bed.Do(bed.Step.MakeDirectory(IoSite.MakeDirectory, bed.PathOf("d")));
        bed.Do(bed.Step.Close(bed.Created("f")));
        bed.Fails(DiskError.Other, bed.Step.MakeDirectory(IoSite.MakeDirectory, bed.PathOf("f")));
        bed.Fails(DiskError.NotFound, bed.Step.MakeDirectory(IoSite.MakeDirectory, bed.PathOf("no/parent")));
        Assert.False(Directory.Exists(bed.PathOf("no")));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Only_the_owner_may_look_into_what_is_made(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights.");
        using var bed = DiskBed.Of(kind);
        bed.Do(bed.Step.MakeDirectory(IoSite.MakeDirectory, bed.PathOf("d")));
        bed.Do(bed.Step.Close(bed.Created("f")));
        var held = bed.FileOf("LOCK");
        bed.Do(bed.Step.Lock(IoSite.LockDirectory, held));
        bed.Do(bed.Step.Close(held));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(Convert.ToInt32("700", 8), (int)File.GetUnixFileMode(bed.PathOf("d")));
        Assert.Equal(Convert.ToInt32("600", 8), (int)File.GetUnixFileMode(bed.PathOf("f")));
        Assert.Equal(Convert.ToInt32("600", 8), (int)File.GetUnixFileMode(bed.PathOf("LOCK")));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_lock_is_held_by_one_opener_until_it_is_closed(string kind)
    {
        using var bed = DiskBed.Of(kind);
        // A lock belongs to an opened file, not to a process, so a second opener here is as good as another process.
        var (first, second) = (bed.FileOf("LOCK"), bed.FileOf("LOCK"));
        bed.Do(bed.Step.Lock(IoSite.LockDirectory, first));
        bed.Fails(DiskError.InUse, bed.Step.Lock(IoSite.LockDirectory, second));
        Assert.False(second.IsOpen);
        bed.Do(bed.Step.Close(first));
        bed.Do(bed.Step.Lock(IoSite.LockDirectory, second));
        bed.Do(bed.Step.Close(second));
    }

    [Fact]
    public void A_lock_of_one_kind_of_disk_keeps_out_the_other()
    {
        using var bed = DiskBed.Of("linux");
        var (first, second) = (bed.FileOf("LOCK"), bed.FileOf("LOCK"));
        bed.Do(bed.Step.Lock(IoSite.LockDirectory, first));
        var step = new IoStep().Lock(IoSite.LockDirectory, second);
        new PortableDisk().Execute(step);
        Assert.Equal(DiskError.InUse, step.Error);
        bed.Do(bed.Step.Close(first));
    }
}

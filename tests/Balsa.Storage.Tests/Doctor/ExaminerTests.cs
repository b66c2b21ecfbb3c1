using System.Runtime.CompilerServices;
using Balsa.Raft.Membership;
using Balsa.Storage.Doctor;
using Balsa.Storage.Tests.Wal;
using Balsa.Storage.Tests.Wal.Recovery;

namespace Balsa.Storage.Tests.Doctor;

public sealed class ExaminerTests
{
    [Fact]
    public void It_sees_what_a_start_would_find()
    {
        var sample = SampleLog.Make(isClosed: true);
        var report = Examine(sample.Disk);
        Assert.True(report.IsHealthy);
        Assert.Equal(sample.Content.HardState, report.Log!.HardState);
        Assert.Equal(sample.Content.Boot, report.Log.Boots + 1);
        Assert.Equal(4, report.Log.Configuration.Members.Length);
        Assert.Equal(2, report.Log.Peers.Count);
        Assert.Equal([CloseState.Left, CloseState.Left, CloseState.Closed], report.Segments.Select(segment => segment.Close));
        // 27 were cut and written again.
        Assert.Equal(112 + 6, report.Segments.Sum(segment => segment.EntryCount));
    }

    [Fact]
    public void It_changes_nothing()
    {
        var sample = SampleLog.Make(isClosed: false);
        sample.Disk[sample.Files[1]][2000] ^= 1;
        var before = sample.Disk.Copy();
        Examine(sample.Disk);
        Assert.Equal(before.Names, sample.Disk.Names);
        foreach (var name in before.Names) Assert.True(before[name].AsSpan().SequenceEqual(sample.Disk[name]));
    }

    [Fact]
    public void A_torn_end_is_healthy()
    {
        var world = new LogWorld().Open().Append(1, 1).Append(2, 4);
        var bytes = world.Disk["/data/wal/0000000000000001.wal"];
        bytes[bytes.AsSpan().LastIndexOfAnyExcept((byte)0) - 100] ^= 1;
        world.Disk.Kill();
        var report = Examine(world.Disk);
        Assert.True(report.IsHealthy);
        Assert.True(report.Log!.TornBytes > 0);
    }

    [Fact]
    public void It_agrees_with_a_start_whatever_byte_is_wrong()
    {
        var sample = SampleLog.Make(isClosed: true);
        foreach (var file in sample.Files)
        {
            for (var at = 0; at < sample.Disk[file].Length; at += 41)
            {
                var disk = sample.Disk.Copy();
                disk[file][at] ^= 0x20;
                var report = Examine(disk);
                var verdict = Verdicts.Of(disk, sample.Content, out var told);
                Assert.True(report.IsHealthy == (verdict == Verdict.Same), $"{file} {at}: {verdict}, {told}");
            }
        }
    }

    [Fact]
    public void Records_behind_damage_are_listed()
    {
        var sample = SampleLog.Make(isClosed: true);
        var whole = Examine(sample.Disk, lists: true).Segments[0].Records;
        sample.Disk[sample.Files[0]][(int)whole[5].Offset + 60] ^= 1;
        sample.Disk[sample.Files[0]][(int)whole[9].Offset + 3] ^= 1;
        var records = Examine(sample.Disk, lists: true).Segments[0].Records;
        Assert.Equal(whole.Count - 1, records.Count);
        Assert.False(records[5].IsGood);
        Assert.True(records[8].Follows);
        Assert.False(records[9].Follows);
        Assert.Equal(whole[10].Offset, records[9].Offset);
    }

    [Fact]
    public void Voters_that_are_named_only_behind_damage_count()
    {
        var world = new LogWorld { Founding = Configuration.OfVoters(1) }.Open().Append(1, 10);
        world.Write(LogWorld.Raw(11, 1, SampleLog.Voters(1, 2, 3), Raft.Log.EntryKind.Configuration)).Append(12, 14).Stop();
        world.Disk.Kill();
        world.Disk["/data/wal/0000000000000001.wal"][1536 + 400] ^= 1;
        var report = Examine(world.Disk);
        Assert.NotNull(report.Log!.Damage);
        Assert.True(report.HasOtherVoters);
    }

    [Fact]
    public void Snapshots_are_read_to_their_end()
    {
        const string path = "/data/snapshots/0000000000000010-0000000000000003.snapshot";
        var disk = new LogWorld().Open().Append(1, 20).Stop().Disk;
        disk.Kill();
        disk.MakeDirectory("/data/snapshots");
        disk[path] = File.ReadAllBytes(GoldenSnapshot());
        disk["/data/snapshots/0000000000000012-0000000000000003.part"] = [1, 2, 3];
        var report = Examine(disk);
        Assert.True(report.IsHealthy);
        Assert.Null(Assert.Single(report.Snapshots).Problem);
        Assert.Single(report.Leftovers);
        disk[path][^40] ^= 1;
        report = Examine(disk);
        Assert.False(report.IsHealthy);
        Assert.NotNull(Assert.Single(report.Snapshots).Problem);
    }

    [Fact]
    public void A_process_that_holds_the_lock_is_not_disturbed()
    {
        var world = new LogWorld().Open();
        Assert.Contains("in use", Examine(world.Disk).Unusable!.What, StringComparison.Ordinal);
    }

    private static string GoldenSnapshot([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(here))!, "Golden", "snapshot-v1-small.snapshot");

    private static DirectoryReport Examine(PlainDisk disk, bool lists = false)
    {
        var examiner = new DirectoryExaminer(LogWorld.Path, lists);
        foreach (var step in examiner.Run()) disk.Execute(step);
        if (examiner.Report.Unusable is null) disk.Kill();
        return examiner.Report;
    }
}

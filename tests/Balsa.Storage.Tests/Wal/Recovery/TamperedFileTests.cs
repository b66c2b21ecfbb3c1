namespace Balsa.Storage.Tests.Wal.Recovery;

/// <summary>Whole files of the log gone, cut short, exchanged, or put back as they were earlier.</summary>
public sealed class TamperedFileTests
{
    private static readonly SampleLog Sample = SampleLog.Make(isClosed: true);

    [Fact]
    public void A_file_that_is_gone_is_missed()
    {
        Assert.True(Sample.Files.Count >= 3);
        foreach (var file in Sample.Files)
        {
            var disk = Sample.Disk.Copy();
            disk.Remove(file);
            Expect(Verdict.Detected, disk, file);
        }
    }

    [Fact]
    public void A_file_that_is_cut_short_is_noticed_unless_nothing_was_in_the_rest()
    {
        foreach (var file in Sample.Files)
        {
            var whole = Sample.Disk[file];
            var end = whole.AsSpan().LastIndexOfAnyExcept((byte)0) / 8 * 8 + 8;
            for (var length = 0; length < whole.Length; length += length < 520 ? 13 : 61)
            {
                var disk = Sample.Disk.Copy();
                disk[file] = whole[..length];
                // The next segment says where an older one ends; of the newest nobody knows, so it must be whole.
                var harmless = length >= end && file != Sample.Files[^1];
                Expect(harmless ? Verdict.Same : Verdict.Detected, disk, $"{file} with {length} bytes");
            }
        }
    }

    [Fact]
    public void Two_files_that_changed_their_names_are_noticed()
    {
        foreach (var one in Sample.Files)
        {
            foreach (var other in Sample.Files)
            {
                if (string.CompareOrdinal(one, other) >= 0) continue;
                var disk = Sample.Disk.Copy();
                (disk[one], disk[other]) = (Sample.Disk[other], Sample.Disk[one]);
                Expect(Verdict.Detected, disk, $"{one} and {other}");
            }
        }
    }

    [Fact]
    public void A_copy_of_one_file_in_the_place_of_another_is_noticed()
    {
        foreach (var one in Sample.Files)
        {
            foreach (var other in Sample.Files)
            {
                if (one == other) continue;
                var disk = Sample.Disk.Copy();
                disk[other] = [.. Sample.Disk[one]];
                Expect(Verdict.Detected, disk, $"{one} as {other}");
            }
        }
    }

    [Fact]
    public void An_older_state_of_a_file_that_is_not_the_newest_is_noticed()
    {
        var world = new LogWorld().Open().Append(1, 10, bytes: 90).FallIdle();
        var early = world.Disk.Copy();
        world.Append(11, 120, bytes: 90).Stop();
        world.Disk.Kill();
        var expected = LogContent.Of(world.Disk.Copy());
        var disk = world.Disk.Copy();
        disk["/data/wal/0000000000000001.wal"] = early["/data/wal/0000000000000001.wal"];
        Assert.Equal(Verdict.Detected, Verdicts.Of(disk, expected));
    }

    [Fact]
    public void What_was_lost_with_a_vote_is_told_for_ever()
    {
        // The newest vote lies in the last batch; behind it only the mark knows of it. Both are gone.
        var sample = SampleLog.Make(isClosed: true);
        var newest = sample.Files[^1];
        sample.Disk[newest].AsSpan(512, 1024).Clear();
        sample.Disk[newest][sample.LastBatch - 80 + 60] ^= 1;
        var world = new LogWorld { Disk = sample.Disk }.Open();
        Assert.Equal(Raft.Recovery.RecoveryMode.NeverCounts, world.Log.Mode);
        for (var start = 0; start < 3; start++) Assert.Equal(Raft.Recovery.RecoveryMode.NeverCounts, world.Reopen().Log.Mode);
    }

    private static void Expect(Verdict expected, PlainDisk disk, string what)
    {
        var verdict = Verdicts.Of(disk, Sample.Content, out var told);
        Assert.True(verdict == expected, $"{what}: {verdict}, {told}");
    }
}

using System.Text.Json;
using Balsa.Raft.Recovery;

namespace Balsa.Cli.Tests.Doctor;

public sealed class DoctorDataTests
{
    [Fact]
    public void A_healthy_directory_is_described_and_not_changed()
    {
        using var bed = new DataBed(1, 2, 3);
        var before = bed.Fingerprint();
        var run = Run.Balsa("doctor", "data", bed.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("✓ healthy", run.Results, StringComparison.Ordinal);
        foreach (var expected in new[]
            { "cluster c0ffee, member 1, incarnation a1", "entries 1 to 120", "vote n1", "Voter n2", "start the node" })
            Assert.Contains(expected, run.Results, StringComparison.Ordinal);
        Assert.Equal(before, bed.Fingerprint());
    }

    [Fact]
    public void The_object_says_the_same()
    {
        using var bed = new DataBed(1);
        using var json = JsonDocument.Parse(Run.Balsa("doctor", "data", bed.Path, "--json").LastLine);
        var root = json.RootElement;
        Assert.True(root.GetProperty("healthy").GetBoolean());
        Assert.Equal(120, root.GetProperty("last").GetInt32());
        Assert.Equal(1, root.GetProperty("boots").GetInt32());
        Assert.True(root.GetProperty("segments").GetArrayLength() > 2);
        Assert.Equal("left", root.GetProperty("segments")[0].GetProperty("close").GetString());
        Assert.True(root.GetProperty("footprintBytes").GetInt64() > 3 * 8192);
    }

    [Fact]
    public void A_member_of_a_cluster_is_told_to_start_and_may_not_accept_a_loss()
    {
        using var bed = new DataBed(1, 2, 3);
        bed.Flip(2, 4000);
        var before = bed.Fingerprint();
        var run = Run.Balsa("doctor", "data", bed.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("0000000000000002.wal at byte", run.Results, StringComparison.Ordinal);
        Assert.Contains("to 120 are missing", run.Results, StringComparison.Ordinal);
        Assert.Contains("it fetches what is missing from the others", run.Results, StringComparison.Ordinal);
        var accept = Run.Balsa("doctor", "data", bed.Path, "--accept-loss");
        Assert.Equal(2, accept.ExitCode);
        Assert.Contains("several voters", accept.Messages, StringComparison.Ordinal);
        Assert.Equal(before, bed.Fingerprint());
    }

    [Fact]
    public void A_single_node_goes_on_when_its_loss_is_accepted()
    {
        using var bed = new DataBed(1);
        bed.Flip(2, 4000);
        Assert.Throws<Storage.StorageException>(() => bed.Open());
        Assert.Equal(1, Run.Balsa("doctor", "data", bed.Path).ExitCode);
        var accept = Run.Balsa("doctor", "data", bed.Path, "--accept-loss");
        Assert.Equal(0, accept.ExitCode);
        Assert.Contains("are missing", accept.Results, StringComparison.Ordinal);
        Assert.Equal(0, Run.Balsa("doctor", "data", bed.Path).ExitCode);
        for (var start = 0; start < 2; start++)
        {
            var log = bed.Write(10);
            Assert.Equal(RecoveryMode.Intact, log.Mode);
            Assert.True(log.Last.Index.Value is > 40 and < 120);
        }

        Assert.Equal(0, Run.Balsa("doctor", "data", bed.Path).ExitCode);
    }

    [Fact]
    public void Nothing_is_accepted_where_nothing_is_lost()
    {
        using var bed = new DataBed(1);
        var before = bed.Fingerprint();
        var run = Run.Balsa("doctor", "data", bed.Path, "--accept-loss");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no loss to accept", run.Messages, StringComparison.Ordinal);
        Assert.Equal(before, bed.Fingerprint());
    }

    [Fact]
    public void A_dump_lists_records_behind_damage()
    {
        using var bed = new DataBed(1);
        bed.Flip(1, 1536 + 1000);
        var run = Run.Balsa("doctor", "data", bed.Path, "--dump");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Boot", run.Results, StringComparison.Ordinal);
        Assert.Contains("Entry Data", run.Results, StringComparison.Ordinal);
        Assert.Contains("WRONG", run.Results, StringComparison.Ordinal);
        Assert.Contains("1/120", run.Results, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Run.Balsa("doctor", "data", bed.Path, "--dump", "--json").LastLine);
        var records = json.RootElement.GetProperty("segments")[0].GetProperty("dump").EnumerateArray().ToList();
        Assert.Equal(1, records.Count(record => !record.GetProperty("checksumOk").GetBoolean()));
        Assert.Equal("Base", records[0].GetProperty("type").GetString());
    }

    [Fact]
    public void A_directory_in_use_is_left_alone()
    {
        using var bed = new DataBed(1);
        using var directory = bed.Open();
        var run = Run.Balsa("doctor", "data", bed.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("in use", run.Messages, StringComparison.Ordinal);
        Assert.Contains("next:", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_data_directory_is_named_as_such()
    {
        using var bed = new DataBed(1);
        foreach (var (path, expected) in new[]
        {
            (Path.Combine(bed.Path, "none"), "does not exist"), (Path.Combine(bed.Path, "wal"), "is no data directory"),
            (Path.Combine(bed.Path, "identity"), "cannot be read"),
        })
        {
            var run = Run.Balsa("doctor", "data", path, "--json");
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(expected, run.Messages, StringComparison.Ordinal);
            using var json = JsonDocument.Parse(run.LastLine);
            Assert.True(json.RootElement.GetProperty("error").GetProperty("next").GetArrayLength() > 0);
        }

        Assert.False(File.Exists(Path.Combine(bed.Path, "wal", "LOCK")));
    }

    [Fact]
    public void An_identity_that_is_gone_or_damaged_and_a_newer_format_are_told_apart()
    {
        using var bed = new DataBed(1);
        var identity = Path.Combine(bed.Path, "identity");
        var text = File.ReadAllText(identity);
        File.WriteAllText(identity, text.Replace("identity 1", "identity 2", StringComparison.Ordinal));
        Assert.Contains("whose data", Run.Balsa("doctor", "data", bed.Path).Messages, StringComparison.Ordinal);
        File.Delete(identity);
        Assert.Contains("no identity", Run.Balsa("doctor", "data", bed.Path).Messages, StringComparison.Ordinal);
        File.WriteAllText(identity, text);
        bed.SetFormat(2, 7);
        var run = Run.Balsa("doctor", "data", bed.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("has format", run.Messages, StringComparison.Ordinal);
    }
}

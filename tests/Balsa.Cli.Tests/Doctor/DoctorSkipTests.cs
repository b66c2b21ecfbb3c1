using Balsa.Replica.Skipping;

namespace Balsa.Cli.Tests.Doctor;

public sealed class DoctorSkipTests
{
    [Fact]
    public void A_wish_is_kept_with_the_right_hash_and_the_wrong_one_is_answered_with_what_is_there()
    {
        using var bed = new DataBed(1, 2, 3);
        var wrong = Run.Balsa("doctor", "data", bed.Path, "--skip-entry", "7", "--hash", "0000000000000001");
        Assert.Equal(1, wrong.ExitCode);
        var hash = HashOf(bed, 7);
        Assert.Contains($"has the hash {hash}", wrong.Messages, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(bed.Path, "skips")));

        var right = Run.Balsa("doctor", "data", bed.Path, "--skip-entry", "7", "--hash", hash, "--json");
        Assert.Equal(0, right.ExitCode);
        Assert.Contains($"\"index\":7,\"hash\":\"{hash}\"", right.LastLine, StringComparison.Ordinal);
        Assert.StartsWith("balsa skips 1\nskip 7 " + hash, File.ReadAllText(Path.Combine(bed.Path, "skips")), StringComparison.Ordinal);
        Assert.Equal(0, Run.Balsa("doctor", "data", bed.Path).ExitCode);
    }

    [Theory]
    [InlineData("--skip-entry", "7")]
    [InlineData("--hash", "0000000000000001")]
    [InlineData("--skip-entry", "seven", "--hash", "0000000000000001")]
    [InlineData("--skip-entry", "7", "--hash", "1")]
    [InlineData("--skip-entry", "7", "--hash", "0000000000000001", "--accept-loss")]
    public void A_wish_that_names_no_entry_is_bad_usage(params string[] words)
    {
        using var bed = new DataBed(1);
        var before = bed.Fingerprint();
        Assert.Equal(2, Run.Balsa(["doctor", "data", bed.Path, .. words]).ExitCode);
        Assert.Equal(before, bed.Fingerprint());
    }

    [Fact]
    public void A_wish_for_an_entry_that_is_not_there_says_what_is()
    {
        using var bed = new DataBed(1);
        var run = Run.Balsa("doctor", "data", bed.Path, "--skip-entry", "121", "--hash", "0000000000000001");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("holds entries 1 to 120", run.Messages, StringComparison.Ordinal);
    }

    private static string HashOf(DataBed bed, ulong index)
    {
        using var directory = bed.Open();
        var entry = directory.Read(new Raft.Log.LogIndex(index), new Raft.Log.LogIndex(index)).Single();
        return SkippedEntry.Of(entry.Ref.Id, entry.Payload.Span).HashText;
    }
}

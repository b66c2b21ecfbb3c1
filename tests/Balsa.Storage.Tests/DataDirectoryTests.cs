using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Opening;

namespace Balsa.Storage.Tests;

/// <summary>The directory on a real disk, with its threads.</summary>
public sealed class DataDirectoryTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_was_appended_is_there_after_a_stop()
    {
        using var scratch = new Scratch();
        using (var directory = scratch.Start())
        {
            for (ulong index = 1; index <= 500; index++)
                await scratch.AppendAsync(directory, index, new byte[1000]).WaitAsync(Long);
        }

        using var again = scratch.Open();
        Assert.Equal(500, again.Read(new LogIndex(1), new LogIndex(500)).Count());
        Assert.Equal(2UL, again.Log.Boot.Value);
        Assert.True(Directory.GetFiles(Path.Combine(scratch.Path, "wal"), "*.wal").Length > 1);
    }

    [Fact]
    public void A_directory_without_members_waits_for_a_cluster_and_can_be_opened_again()
    {
        using var scratch = new Scratch();
        for (var start = 1UL; start <= 2; start++)
        {
            using var directory = DataDirectory.Open(new OpeningOptions { Path = scratch.Path, Owner = Scratch.Owner, Wal = scratch.Wal });
            Assert.True(directory.Log.BaseConfiguration.IsEmpty);
            Assert.Equal(start, directory.Log.Boot.Value);
        }
    }

    [Fact]
    public void A_second_opener_is_refused()
    {
        using var scratch = new Scratch();
        using var first = scratch.Open();
        var problem = Assert.Throws<StorageException>(() => scratch.Open());
        Assert.Contains("in use", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_was_refused_can_be_opened_again()
    {
        using var scratch = new Scratch();
        scratch.Open().Dispose();
        Assert.Throws<StorageException>(() => scratch.Open(Scratch.Owner with { Cluster = 5 }));
        scratch.Open().Dispose();
    }

    [Fact]
    public void A_directory_of_another_member_is_refused()
    {
        using var scratch = new Scratch();
        scratch.Open().Dispose();
        var problem = Assert.Throws<StorageException>(() => scratch.Open(Scratch.Owner with { Incarnation = new Incarnation(0xB2) }));
        Assert.Contains("belongs to", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_of_another_member_is_refused()
    {
        using var scratch = new Scratch();
        scratch.Open().Dispose();
        using var other = new Scratch();
        other.Open(Scratch.Owner with { Member = new MemberId(2) }).Dispose();
        File.Copy(other.FirstSegment, scratch.FirstSegment, overwrite: true);
        Assert.Contains("another", Assert.Throws<StorageException>(() => scratch.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_without_a_log_is_refused()
    {
        using var scratch = new Scratch();
        scratch.Open().Dispose();
        File.Delete(scratch.FirstSegment);
        Assert.Contains("no log", Assert.Throws<StorageException>(() => scratch.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_without_an_identity_is_refused()
    {
        using var scratch = new Scratch();
        scratch.Open().Dispose();
        File.Delete(Path.Combine(scratch.Path, "identity"));
        Assert.Contains("no identity", Assert.Throws<StorageException>(() => scratch.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_with_a_wrong_byte_is_refused()
    {
        using var scratch = new Scratch();
        scratch.Open().Dispose();
        var path = Path.Combine(scratch.Path, "identity");
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 1;
            File.WriteAllBytes(path, damaged);
            Assert.Throws<StorageException>(() => scratch.Open());
        }
    }

    [Fact]
    public void Directories_above_are_made()
    {
        using var scratch = new Scratch();
        var deep = Path.Combine(scratch.Path, "a", "b", "c");
        using var directory = DataDirectory.Open(new Opening.OpeningOptions
        {
            Path = deep, Owner = Scratch.Owner, Founding = Raft.Membership.Configuration.OfVoters(1), Wal = scratch.Wal,
        });
        Assert.True(File.Exists(Path.Combine(deep, "identity")));
    }
}

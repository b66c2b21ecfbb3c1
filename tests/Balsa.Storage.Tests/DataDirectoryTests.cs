using Balsa.Raft.Identity;

namespace Balsa.Storage.Tests;

public sealed class DataDirectoryTests
{
    [Fact]
    public void A_second_opener_is_refused()
    {
        using var scratch = new Scratch();
        using var first = scratch.Open();
        var problem = Assert.Throws<StorageException>(() => scratch.Open());
        Assert.Contains("in use", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_of_another_member_is_refused()
    {
        using var scratch = new Scratch();
        scratch.Open().Dispose();
        var other = Scratch.Owner with { Incarnation = new Incarnation(0xB2) };
        var problem = Assert.Throws<StorageException>(() => DataDirectory.Open(scratch.Path, other, Scratch.Founding));
        Assert.Contains("belongs to", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_without_a_log_is_refused()
    {
        using var scratch = new Scratch();
        scratch.Open().Dispose();
        File.Delete(scratch.LogPath);
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
    public void A_crash_between_log_and_identity_is_made_good()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(Path.Combine(scratch.Path, "wal"));
        global::Balsa.Storage.Wal.FileLog.Create(scratch.LogPath, Scratch.Owner, Scratch.Founding);
        using var opened = scratch.Open();
        Assert.Equal(1UL, opened.Log.Recovered.Boot.Value);
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
}

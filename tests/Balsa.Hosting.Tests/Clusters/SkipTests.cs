using Balsa.Hosting.Errors;
using Balsa.Hosting.Local;
using Balsa.Node.Skips;
using Balsa.Raft.Log;
using Balsa.Replica.Skipping;
using Balsa.Storage;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Reading;

namespace Balsa.Hosting.Tests.Clusters;

/// <summary>A command that no member can apply, and the way out: real members, real directories.</summary>
public sealed class SkipTests : IDisposable
{
    private static readonly WalOptions Wal = new() { SegmentBytes = 4 << 20 };
    private readonly string _folder = Directory.CreateTempSubdirectory("balsa-skip-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_poisoned_entry_is_left_out_when_a_majority_of_directories_wishes_it()
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(new Add(1));
        await Assert.ThrowsAsync<ApplyFailedException>(() => cluster.ExecuteAsync(new Break(0)));
        foreach (var member in cluster.Members.ToArray())
            await Eventually.HoldsAsync(() => member.StatusAsync(), status => status.Problem?.Contains("--skip-entry", StringComparison.Ordinal) == true);
        var wish = await NamedByAsync(cluster, "n1");

        await SkipAsync(cluster, "n1", wish);
        await Eventually.HoldsAsync(() => cluster["n1"].StatusAsync(), status => status.Problem?.Contains("wishes", StringComparison.Ordinal) == true);
        await SkipAsync(cluster, "n2", wish);

        await Eventually.HoldsAsync(() => cluster["n2"].StatusAsync(), status => status.Problem is null);
        Assert.Equal(3, await cluster.ExecuteAsync(new Add(2)));
        await Eventually.HoldsAsync(
            () => cluster["n3"].StatusAsync(), status => status.Problem?.Contains("restart this member", StringComparison.Ordinal) == true);
        await cluster.KillAsync("n3");
        await cluster.RestartAsync("n3");
        await Eventually.HoldsAsync(() => cluster["n3"].StatusAsync(), status => status is { Problem: null });
        Assert.Equal(3, await cluster["n3"].QueryAsync(state => state.Value));

        // All of it again from the disks, with and without the wish.
        foreach (var name in cluster.Names) await cluster.KillAsync(name);
        foreach (var name in cluster.Names) await cluster.RestartAsync(name);
        Assert.Equal(4, await cluster.ExecuteAsync(new Add(1)));
        foreach (var name in cluster.Names) Assert.Equal(4, await cluster[name].QueryAsync(state => state.Value));
    }

    [Fact]
    public async Task What_one_member_alone_could_not_apply_is_not_left_out_by_its_wish()
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(new Add(1));
        var broken = cluster.Names.First(name => name != cluster.Leader);
        var number = await cluster[broken].QueryAsync(state => state.Number, ReadConsistency.Local);
        Assert.True(await cluster.ExecuteAsync(new Break(number)));
        await Eventually.HoldsAsync(
            () => cluster[broken].StatusAsync(), status => status.Problem?.Contains("--skip-entry", StringComparison.Ordinal) == true);

        await SkipAsync(cluster, broken, await NamedByAsync(cluster, broken));

        await Eventually.HoldsAsync(
            () => cluster[broken].StatusAsync(), status => status.Problem?.Contains("wishes", StringComparison.Ordinal) == true);
        Assert.Equal(3, await cluster.ExecuteAsync(new Add(2)));
        Assert.NotNull((await cluster[broken].StatusAsync()).Problem);
    }

    [Fact]
    public async Task A_directory_refuses_a_wish_that_cannot_be_meant()
    {
        await using (var cluster = await StartAsync())
        {
            await cluster.ExecuteAsync(new Add(1));
            foreach (var name in cluster.Names) await cluster.StopAsync(name);
        }

        var path = Path.Combine(_folder, "n1");
        var (index, entry) = LastCommand(path);
        var right = SkippedEntry.Of(entry.Ref.Id, entry.Payload.Span);

        Assert.Contains(right.HashText, SkipWriting.Keep(path, Wal, right with { Hash = 1 }), StringComparison.Ordinal);
        Assert.Contains("holds entries", SkipWriting.Keep(path, Wal, new SkippedEntry(index + 1000, 1)), StringComparison.Ordinal);
        Assert.Contains("no command", SkipWriting.Keep(path, Wal, new SkippedEntry(new LogIndex(1), 1)), StringComparison.Ordinal);
        Assert.Null(SkipWriting.Keep(path, Wal, right));
        Assert.Null(SkipWriting.Keep(path, Wal, right));
        var note = SkipNote.TryRead(File.ReadAllBytes(Path.Combine(path, "skips")));
        Assert.Equal([right], note!);
        Assert.Null(SkipNote.TryRead("balsa skips 1\nskip 3 00\n"u8));
    }

    private static (LogIndex Index, LogEntry Entry) LastCommand(string path)
    {
        using var directory = DataDirectory.Open(new Storage.Opening.OpeningOptions { Path = path, Wal = Wal });
        var last = directory.Read(directory.Log.Base.Index.Next, directory.Log.Last.Index).Last(entry => entry.Ref.Kind == EntryKind.Data);
        return (last.Ref.Id.Index, last);
    }

    private Task<LocalCluster<Ledger>> StartAsync() => LocalCluster<Ledger>.StartAsync(
        new LocalClusterOptions<Ledger>
        {
            DataDirectory = _folder, Configure = settings => settings.RequestTimeout = TimeSpan.FromSeconds(30),
        });

    /// <summary>As an operator reads it in the message of the node.</summary>
    private static async Task<SkippedEntry> NamedByAsync(LocalCluster<Ledger> cluster, string name)
    {
        var words = (await cluster[name].StatusAsync()).Problem!.Split(' ');
        var at = Array.IndexOf(words, "--skip-entry");
        Assert.True(SkipNote.TryParse(words[at + 1], words[at + 3], out var named));
        return named;
    }

    private async Task SkipAsync(LocalCluster<Ledger> cluster, string name, SkippedEntry wish)
    {
        await cluster.KillAsync(name);
        Assert.Null(SkipWriting.Keep(Path.Combine(_folder, name), Wal, wish));
        await cluster.RestartAsync(name);
    }
}

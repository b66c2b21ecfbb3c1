using Balsa.Hosting.Local;

namespace Balsa.Hosting.Tests.Clusters;

/// <summary>States that come out of snapshots.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("balsa-hosting-").FullName;
    private readonly LineLog _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_cluster_starts_again_from_its_snapshots()
    {
        await using (var cluster = await LocalCluster<Ledger>.StartAsync(Often()))
        {
            for (var i = 0; i < 120; i++) await cluster.ExecuteAsync(new Add(1));
            await Eventually.HoldsAsync(() => cluster[cluster.Names[0]].StatusAsync(), status => status.SnapshotIndex >= 50);
        }

        await using var again = await LocalCluster<Ledger>.StartAsync(Often());

        Assert.Equal(120, await again.QueryAsync(state => state.Value));
        Assert.Equal(121, await again.ExecuteAsync(new Add(1)));
        foreach (var member in again.Members) Assert.True((await member.StatusAsync()).SnapshotIndex >= 50);
    }

    [Fact]
    public async Task A_member_that_lagged_too_far_takes_a_snapshot()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync(Often());
        var lagging = cluster.Names.First(name => name != cluster.Leader);
        await cluster.KillAsync(lagging);
        for (var i = 0; i < 200; i++) await cluster.ExecuteAsync(new Add(1));
        await Eventually.HoldsAsync(() => cluster[cluster.Leader!].StatusAsync(), status => status.SnapshotIndex >= 150);

        await cluster.RestartAsync(lagging);

        await Eventually.HoldsAsync(() => cluster[lagging].QueryAsync(state => state.Value, ReadConsistency.Local), value => value == 200);
        Assert.Contains(_log.Lines, line => line.StartsWith(lagging, StringComparison.Ordinal)
            && line.Contains("takes the place of the log", StringComparison.Ordinal));
        Assert.Equal(201, await cluster[lagging].ExecuteAsync(new Add(1)));
    }

    [Fact]
    [Row("S2-24")]
    public async Task A_member_that_lags_by_many_megabytes_gets_them_all()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync();
        var lagging = cluster.Names.First(name => name != cluster.Leader);
        cluster.Isolate(lagging);
        for (var i = 0; i < 64; i++) await cluster.ExecuteAsync(new Mark($"{i} {new string('x', 512 * 1024)}"));
        Assert.Equal(0, await CountAsync());
        cluster.Heal(lagging);
        await Eventually.HoldsAsync(CountAsync, count => count == 64);

        Task<int> CountAsync() => cluster[lagging].QueryAsync(state => state.Runs.Count, ReadConsistency.Local);
    }

    private LocalClusterOptions<Ledger> Often() => new()
    {
        DataDirectory = _folder,
        Logger = _log,
        Configure = settings => (settings.SnapshotEvery, settings.EntriesKept) = (50, 10),
    };
}

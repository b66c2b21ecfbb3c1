using Balsa.Hosting.Errors;
using Balsa.Hosting.Local;

namespace Balsa.Hosting.Tests.Clusters;

/// <summary>Nothing that was acknowledged is lost, nothing runs twice, and who does not know says so.</summary>
public sealed class FailoverTests
{
    [Fact]
    [Row("S1-23")]
    public async Task Leaders_killed_under_load_lose_nothing_and_count_nothing_twice()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync();
        using var enough = new CancellationTokenSource();
        var sent = 0;
        var acknowledged = new List<string>();
        var doubtful = new List<string>();
        var senders = Enumerable.Range(0, 8).Select(_ => Task.Run(SendAsync)).ToArray();

        for (var round = 0; round < 3; round++)
        {
            await MoreAsync();
            var leader = cluster.Leader ?? cluster.Members[0].Name;
            await cluster.KillAsync(leader);
            await MoreAsync();
            await cluster.RestartAsync(leader);
        }

        await enough.CancelAsync();
        await Task.WhenAll(senders);

        var runs = await cluster.QueryAsync(state => state.Runs.ToDictionary());
        Assert.DoesNotContain(acknowledged, name => runs.GetValueOrDefault(name) != 1);
        Assert.DoesNotContain(runs, run => run.Value != 1);
        Assert.InRange(runs.Count, acknowledged.Count, acknowledged.Count + doubtful.Count);

        Task MoreAsync()
        {
            var goal = Count() + 100;
            return Eventually.HoldsAsync(() => Task.FromResult(Count()), count => count >= goal);
        }

        int Count()
        {
            lock (acknowledged) return acknowledged.Count;
        }

        async Task SendAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                var name = $"{Interlocked.Increment(ref sent)}";
                var isKnown = false;
                try
                {
                    isKnown = await cluster.ExecuteAsync(new Mark(name)) == 1;
                }
                catch (OutcomeUnknownException)
                {
                    // Counted as doubtful below.
                }

                lock (acknowledged) (isKnown ? acknowledged : doubtful).Add(name);
            }
        }
    }

    [Fact]
    public async Task A_command_whose_outcome_is_unknown_runs_once_when_it_is_retried()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync(
            new LocalClusterOptions<Ledger> { Configure = settings => settings.RequestTimeout = TimeSpan.FromSeconds(2) });
        var leader = cluster[cluster.Leader!];
        // It has its session before it is cut off.
        await leader.ExecuteAsync(new Mark("before"));
        cluster.Isolate(leader.Name);

        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => leader.ExecuteAsync(new Mark("a")));
        Assert.True(unknown.CanRetry);
        cluster.Heal(leader.Name);
        await Eventually.HoldsAsync(() => Task.FromResult(cluster.Leader), name => name is not null);

        Assert.Equal(1, await unknown.RetryAsync<int>());
        Assert.Equal(1, await unknown.RetryAsync<int>());
        Assert.Equal(1, await cluster.QueryAsync(state => state.Runs["a"]));
    }

    [Fact]
    public async Task Without_a_majority_a_command_is_certainly_not_applied()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync(
            new LocalClusterOptions<Ledger> { Configure = settings => settings.RequestTimeout = TimeSpan.FromSeconds(1) });
        var follower = cluster.Members.First(member => member.Name != cluster.Leader);
        foreach (var other in cluster.Names.Where(name => name != follower.Name)) await cluster.KillAsync(other);
        await Eventually.HoldsAsync(() => Task.FromResult(follower.Leader), leader => leader is null);

        var refused = await Assert.ThrowsAsync<NotAppliedException>(() => follower.ExecuteAsync(new Add(1)));

        Assert.Contains("is a majority of the members up?", refused.Message, StringComparison.Ordinal);
        var silent = await Assert.ThrowsAsync<QueryFailedException>(() => follower.QueryAsync(state => state.Value));
        Assert.Contains("nobody led for 1 s", silent.Message, StringComparison.Ordinal);
        Assert.Equal(0, await follower.QueryAsync(state => state.Value, ReadConsistency.Local));
    }

    [Fact]
    public async Task Every_member_takes_commands_and_sees_what_was_acknowledged()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync();

        for (var i = 0; i < 3; i++) Assert.Equal(i + 1, await cluster.Members[i].ExecuteAsync(new Add(1)));

        foreach (var member in cluster.Members)
        {
            Assert.Equal(3, await member.QueryAsync(state => state.Value));
            Assert.Equal(cluster.Leader, (await member.StatusAsync()).Leader);
        }
    }

    [Fact]
    public async Task A_query_that_throws_harms_nobody()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync(nodes: 1);

        await Assert.ThrowsAsync<KeyNotFoundException>(() => cluster.QueryAsync(state => state.Runs["nobody"]));

        Assert.Equal(1, await cluster.ExecuteAsync(new Add(1)));
    }

    [Fact]
    public async Task A_cluster_that_is_disposed_of_leaves_no_thread_no_file_and_no_port()
    {
        var cluster = await LocalCluster<Ledger>.StartAsync();
        await cluster.ExecuteAsync(new Add(1));
        var folders = cluster.Names.Select(name => cluster[name].Settings).ToArray();
        Assert.NotEmpty(LogThreads());

        await cluster.DisposeAsync();

        Assert.Empty(LogThreads());
        foreach (var settings in folders)
        {
            Assert.False(Directory.Exists(Path.GetDirectoryName(settings.DataDirectory)));
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPEndPoint.Parse(settings.Peers[settings.NodeId]));
            listener.Start();
        }

        await Assert.ThrowsAnyAsync<Exception>(() => cluster.ExecuteAsync(new Add(1)));
    }

    /// <summary>Threads of disks, by their names; only Linux tells them.</summary>
    private static string[] LogThreads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells the names of threads.");
        var names = Directory.GetDirectories("/proc/self/task").Select(NameOf);
        return [.. names.Where(name => name is "wal" or "spares" or "entries" or "snapshots")];
    }

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}

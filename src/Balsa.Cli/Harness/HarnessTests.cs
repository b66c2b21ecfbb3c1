using Balsa.Adapters.Raftkv;

namespace Balsa.Cli.Harness;

/// <summary>The tests of the course, with its names, waits and lines. Each says whether it held.</summary>
internal sealed class HarnessTests(HarnessCluster cluster, HarnessProgress progress, HarnessForm form, Random random)
{
    private const string MainKey = "1", OtherKey = "2";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), AfterFailure = TimeSpan.FromSeconds(5);

    internal async Task<bool> TestStartRaftAsync(int size)
    {
        if (!await cluster.StartRaftAsync(size)) return false;
        await Task.Delay(AfterFailure);
        var leader = await cluster.GetLastLeaderAsync();
        progress.Line($"The last leader is {leader}");
        return leader >= 0;
    }

    /// <summary>A new cluster that can be used: for tests that take servers away and never bring them back.</summary>
    internal async Task<bool> StartFreshAsync(int size) => await cluster.StartRaftAsync(size) && await cluster.LeadsInTimeAsync();

    internal Task TestOperationsAsync() => TestKvsAsync(new KvsTest());

    internal Task TestLinearizabilityAsync() => TestKvsAsync(new KvsTest { TestConsistency = true });

    internal Task TestLinearizabilityWithKeyRangeDuplicationAsync() =>
        TestKvsAsync(new KvsTest { TestConsistency = true, KeyRangeDuplication = 1 });

    internal async Task<bool> TestKvsAsync(KvsTest test)
    {
        var before = progress.Failures.Count;
        var changes = new ServerChanges(cluster, progress, test);
        await new KvsWorkload(cluster, progress, test, random).RunAsync(test.HasChanges ? changes.RunAsync : null);
        return progress.Failures.Count == before;
    }

    internal async Task<bool> TestKillLeaderAsync()
    {
        if (await cluster.GetLastLeaderAsync() is not >= 0 and var none)
        {
            progress.Line($"GetLastLeader() failed! ({none})");
            return false;
        }

        var leader = (await cluster.GetLastLeaderAsync())!.Value;
        cluster.KillOneNode(leader);
        await Task.Delay(AfterFailure);
        var next = await cluster.GetLastLeaderAsync();
        var isNew = next is >= 0 && next != leader;
        progress.Line(isNew ? $"The new leader is {next}" : $"Failed. The new leader is {next}");
        return isNew;
    }

    /// <summary>The rest goes on without a leader that is gone or unreachable, and nothing acknowledged is missing.</summary>
    internal async Task<bool> DisconnectLeaderAsync()
    {
        if (await cluster.GetLastLeaderAsync() is not { } leader || leader < 0)
        {
            progress.Line("DisconnectLeader: Failed to get leader");
            return false;
        }

        progress.Line($"Leader before blocking ports is {leader}");
        TakeAway(leader);
        await Task.Delay(Second);
        await cluster.Client(1).PutAsync(MainKey, "6558");
        await Task.Delay(Second);
        var next = await cluster.GetLastLeaderAsync();
        GiveBack(leader);
        if (next is null)
        {
            progress.Line("DisconnectLeader: Failed to get leader");
            return false;
        }

        progress.Line($"Leader after blocking ports is {next}");
        return await ReadsAsync(MainKey, "6558") && next >= 0 && next != leader;
    }

    /// <summary>Progress is expected.</summary>
    internal async Task<bool> DisconnectMinorityAsync()
    {
        var servers = Enumerable.Range(0, (cluster.Size - 1) / 2).ToList();
        TakeAway([.. servers]);
        await Task.Delay(Second);
        await cluster.Client(1).PutAsync(OtherKey, "6445");
        await Task.Delay(Second);
        GiveBack([.. servers]);
        return await ReadsAsync(OtherKey, "6445");
    }

    /// <summary>No progress may be made.</summary>
    internal async Task<bool> DisconnectMajorityAsync()
    {
        var servers = Enumerable.Range(0, cluster.Size / 2 + cluster.Size % 2).ToList();
        TakeAway([.. servers]);
        await Task.Delay(Second);
        var isDone = await cluster.Client(1).PutAsync(MainKey, "2034");
        await Task.Delay(Second);
        if (isDone) progress.Line("We made progress despite having a minority!");
        GiveBack([.. servers]);
        return !isDone;
    }

    /// <summary>One server less changes nothing for clients.</summary>
    internal async Task<bool> KillOneNodeAsync(int server)
    {
        cluster.KillOneNode(server);
        await Task.Delay(Second);
        return await TestKvsAsync(new KvsTest { TestConsistency = true });
    }

    /// <summary>Servers end when they are killed, and nothing else does.</summary>
    internal async Task<bool> KillAllServersAsync()
    {
        cluster.KillAllServers();
        for (var server = 0; server < cluster.Size; server++)
            if (await cluster.GetStateOfServerAsync(server, isQuiet: true) is not null) return false;
        return true;
    }

    private async Task<bool> ReadsAsync(string key, string expected)
    {
        var found = await cluster.Client(1).GetAsync(key);
        if (found is null) progress.Line("DisconnectLeader: Failed to perform get operation");
        else if (found != expected) progress.Line($"Incorrect value received from leader! {found}");
        return found == expected;
    }

    private void TakeAway(params int[] servers)
    {
        if (form == HarnessForm.Iptables) cluster.CutOff(servers);
        else foreach (var server in servers) cluster.KillOneNode(server);
    }

    /// <summary>Who was killed does not come back.</summary>
    private void GiveBack(params int[] servers)
    {
        if (form == HarnessForm.Iptables) cluster.LetThrough(servers);
    }
}

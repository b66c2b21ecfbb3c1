using System.Diagnostics;
using Balsa.Cli.Commands.Check;
using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Windows;

namespace Balsa.Cli.Harness;

/// <summary>
/// Rounds of the harness. The form with filters is one sequence on one cluster, as the course runs it. The form with kills never
/// brings anybody back, so each of its tests gets a cluster of its own. What clients saw of each cluster is judged when it ends.
/// </summary>
internal sealed class HarnessRun(HarnessFrontEnd frontEnd, HarnessForm form, int servers, HarnessProgress progress, Random random)
{
    private static readonly TimeSpan LongestJudging = TimeSpan.FromSeconds(60);

    /// <summary>When something is wrong, every thread says so again and again.</summary>
    private const int LinesOfATestMax = 3;

    /// <summary>Enough for a crash, a joining and a leaving to happen while they run.</summary>
    private static readonly KvsTest WithChanges = new()
    {
        TestConsistency = true, NumRequests = 1000, CrashServer = true, AddServer = true, RemoveServer = true,
    };

    private Func<History> _seen = () => new History([]);
    private HarnessTests? _tests;
    private int _failuresSeen;

    internal HarnessReport Report { get; } = new();

    /// <summary>Where histories that nothing explains are kept.</summary>
    internal required string KeepIn { get; init; }

    /// <summary>A front end without servers says so. It is also how this program and that one get to know each other.</summary>
    internal async Task BeginAsync()
    {
        using var client = new HarnessClient("before", 0, HarnessFrontEnd.Address, Stopwatch.GetTimestamp());
        var found = await client.GetAsync("1");
        if (found is not "") Report.Count("a Get before StartRaft", passed: false);
    }

    internal async Task RoundAsync()
    {
        Report.Rounds++;
        var (clock, failed) = (Stopwatch.StartNew(), Report.Failures.Count);
        using var cluster = new HarnessCluster(frontEnd, progress);
        _seen = () => cluster.History;
        _tests = new HarnessTests(cluster, progress, form, random);
        await TestAsync("TestStartRaft", () => _tests.TestStartRaftAsync(servers));
        if (cluster.Size > 0) await AfterStartAsync(_tests, cluster);
        if (!frontEnd.IsRunning) Report.Count($"the front end ended: {frontEnd.LastLines}", passed: false);
        Report.StartsMs.AddRange(cluster.StartsMs);
        var isGood = Report.Failures.Count == failed;
        if (isGood) Report.RoundsPassed++;
        progress.Line($"round {Report.Rounds}: {(isGood ? "ok" : "FAILED")} in {clock.Elapsed.TotalSeconds:F1} s");
    }

    /// <summary>Where no start was answered there is nothing to take away, and a test that takes nothing away shows nothing.</summary>
    private async Task AfterStartAsync(HarnessTests tests, HarnessCluster cluster)
    {
        await TestAsync("TestLinearizability", Quiet(tests.TestLinearizabilityAsync));
        if (form == HarnessForm.Iptables) await SequenceAsync(tests);
        else await SeparatelyAsync(tests);
        Judged(cluster.History);
        await TestAsync("KillAllServers", tests.KillAllServersAsync);
    }

    private async Task SequenceAsync(HarnessTests tests)
    {
        await TestAsync("DisconnectLeader", tests.DisconnectLeaderAsync, "Error while disconnecting leader.");
        await TestAsync(
            "DisconnectMinority", tests.DisconnectMinorityAsync,
            "Error while disconnecting minority: Progress is still expected to be made.");
        await TestAsync(
            "DisconnectMajority", tests.DisconnectMajorityAsync, "Error while disconnecting majority: No progress should be made.");
    }

    private async Task SeparatelyAsync(HarnessTests tests)
    {
        await TestAsync("TestOperations", Quiet(tests.TestOperationsAsync));
        await TestAsync("TestLinearizabilityWithKeyRangeDuplication", Quiet(tests.TestLinearizabilityWithKeyRangeDuplicationAsync));
        await FreshAsync("DisconnectLeader", tests.DisconnectLeaderAsync, "Error while disconnecting leader.");
        await FreshAsync(
            "DisconnectMinority", tests.DisconnectMinorityAsync,
            "Error while disconnecting minority: Progress is still expected to be made.");
        await FreshAsync(
            "DisconnectMajority", tests.DisconnectMajorityAsync, "Error while disconnecting majority: No progress should be made.");
        await FreshAsync("TestKillLeader", tests.TestKillLeaderAsync, "Error while testing kill leader.");
        await FreshAsync("KillOneNode", () => tests.KillOneNodeAsync(2));
        await FreshAsync("testKVS with crashServer addServer removeServer", () => tests.TestKvsAsync(WithChanges));
    }

    private async Task FreshAsync(string name, Func<Task<bool>> test, string? error = null)
    {
        Judged(_seen());
        if (await _tests!.StartFreshAsync(servers)) await TestAsync(name, test, error);
        else Report.Count($"{name}: Error while starting RAFT.", passed: false);
    }

    /// <param name="error">The line of the course for a test that failed.</param>
    private async Task TestAsync(string name, Func<Task<bool>> test, string? error = null)
    {
        progress.Line($"-- {name}");
        var passed = await test();
        // Whatever was printed as a failure is one, also where the course goes on.
        passed &= progress.Failures.Count == _failuresSeen;
        if (!passed && error is not null) progress.Line(error);
        var lines = progress.Failures.Skip(_failuresSeen).ToList();
        Report.Failures.AddRange(lines.Take(LinesOfATestMax).Select(line => $"round {Report.Rounds}: {name}: {line}"));
        if (lines.Count > LinesOfATestMax)
            Report.Failures.Add($"round {Report.Rounds}: {name}: {lines.Count - LinesOfATestMax} more lines like these");
        _failuresSeen += lines.Count;
        Report.Count(name, passed);
    }

    private static Func<Task<bool>> Quiet(Func<Task> test) => async () =>
    {
        await test();
        return true;
    };

    private void Judged(History history)
    {
        var clock = Stopwatch.StartNew();
        var judgement = Judge.Decide(history, () => clock.Elapsed > LongestJudging, Oracle.Search);
        Report.Histories++;
        Report.Operations += history.Operations.Count;
        if (judgement.Verdict == Verdict.Linearizable) return;
        if (Report.Verdict != Verdict.NotLinearizable) Report.Verdict = judgement.Verdict;
        var kept = Path.Combine(KeepIn, $"history-{Report.Histories}.jsonl");
        File.WriteAllLines(kept, HistoryWriter.Lines(history));
        var word = CheckFiles.Tell(judgement.Verdict).Word;
        progress.Line($"{word}: {history.Operations.Count} operations; judge again with: balsa check {kept}");
        foreach (var line in WindowText.Of(judgement)) progress.Line(line);
    }
}

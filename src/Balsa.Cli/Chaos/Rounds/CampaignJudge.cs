using System.Diagnostics;
using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>
/// Judges a campaign twice: the whole by its revisions, and keys with few operations by a search that knows nothing of
/// revisions, until its time is up. What either finds is a violation.
/// </summary>
internal static class CampaignJudge
{
    private const int OperationsAKeyMax = 400;
    private static readonly TimeSpan LongestReplay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestSearch = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestSearches = TimeSpan.FromSeconds(10);

    internal static void Decide(History history, CampaignReport report)
    {
        report.Operations = history.Operations.Count;
        report.UnknownOutcomes = history.Operations.Count(operation => operation.Outcome == Outcome.Unknown);
        var clock = Stopwatch.StartNew();
        report.Judgement = Judge.Decide(history, () => clock.Elapsed > LongestReplay, Oracle.Revisions);
        if (report.Judgement.Verdict == Verdict.Linearizable) Search(history, report);
        report.JudgeSeconds = clock.Elapsed.TotalSeconds;
    }

    private static void Search(History history, CampaignReport report)
    {
        var clock = Stopwatch.StartNew();
        var keys = history.Operations.Where(operation => operation.RangeEnd is null && operation.Kind != OperationKind.Range)
            .GroupBy(operation => operation.Key, StringComparer.Ordinal).Where(key => key.Key.StartsWith("hot/", StringComparison.Ordinal));
        foreach (var key in keys)
        {
            if (clock.Elapsed > LongestSearches) return;
            var operations = key.Take(OperationsAKeyMax + 1).ToList();
            if (operations.Count > OperationsAKeyMax) continue;
            var began = clock.Elapsed;
            var judgement = Judge.Decide(new History(operations), () => clock.Elapsed - began > LongestSearch, Oracle.Search);
            report.SearchedKeys++;
            if (judgement.Verdict == Verdict.Unknown) report.UnfinishedSearches++;
            if (judgement.Verdict != Verdict.NotLinearizable) continue;
            report.Judgement = judgement;
            return;
        }
    }
}

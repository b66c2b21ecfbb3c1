using System.Globalization;
using Balsa.Simulation.Judging;

namespace Balsa.Simulation.Metrics.Reports;

/// <summary>What the course does not ask for, and should: all clients together saw one store, and it was there again soon.</summary>
internal static class OwnRules
{
    private const double PatienceSeconds = 3;
    private const int PatienceTimeouts = 10;

    internal static IReadOnlyList<string> Broken(MetricsResult result)
    {
        var broken = new List<string>();
        var experiment = result.Record.Experiment;
        if (result.Judgement.Verdict == Verdict.NotLinearizable) broken.Add($"not linearizable: {result.Judgement.Reason}");
        if (result.Record.BrokenRule is { } rule) broken.Add($"a rule of the algorithm was broken: {rule}");
        var patience = Math.Max(PatienceSeconds, PatienceTimeouts * experiment.ElectionTimeoutMs / 1000);
        foreach (var outage in result.Outages)
        {
            if (outage.Seconds <= patience) continue;
            var how = outage.Seconds is { } seconds
                ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F3} s") : "the rest of the run";
            var allowed = patience.ToString("0.#", CultureInfo.InvariantCulture);
            broken.Add($"unavailable for {how} after \"{outage.Fault.What}\"; at most {allowed} s are allowed");
        }

        return broken;
    }
}

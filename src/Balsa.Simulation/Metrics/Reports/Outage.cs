using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Reports;

/// <summary>What clients noticed of a fault.</summary>
/// <param name="Fault">What happened.</param>
/// <param name="From">From when on something was to be expected again: the fault, or its end where nothing could work.</param>
/// <param name="Seconds">Until somebody got what he had asked for after that; null when nobody did.</param>
public sealed record Outage(FaultMark Fault, long From, double? Seconds)
{
    internal static IReadOnlyList<Outage> Of(MetricsRecord record)
    {
        var outages = new List<Outage>();
        foreach (var fault in record.Faults)
        {
            if (fault.Skipped is not null || fault.IsRemedy || (fault.Server is null && !IsPartition(fault))) continue;
            var from = LeavesNoMajority(record, fault) ? fault.Until ?? fault.At : fault.At;
            if (outages.Exists(other => other.From == from)) continue;
            var first = long.MaxValue;
            foreach (var request in record.Requests)
                if (request.State == RequestState.Done && request.AnsweredAttemptAt >= from) first = Math.Min(first, request.EndedAt);
            var anybodyAsked = record.Requests.Exists(request => request.BegunAt >= from);
            if (first == long.MaxValue && !anybodyAsked) continue;
            outages.Add(new Outage(fault, from, first == long.MaxValue ? null : (first - from) / (double)TimeSpan.TicksPerSecond));
        }

        return outages;
    }

    private static bool IsPartition(FaultMark fault) => fault.What.Contains('|', StringComparison.Ordinal);

    private static bool LeavesNoMajority(MetricsRecord record, FaultMark fault)
    {
        var down = record.Faults.Where(
            other => other is { Server: not null, Skipped: null, IsRemedy: false }
                && other.At <= fault.At && (other.Until is null || other.Until > fault.At));
        return 2 * down.Select(other => other.Server).Distinct().Count() >= record.Experiment.Servers;
    }
}

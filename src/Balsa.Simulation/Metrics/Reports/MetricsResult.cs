using Balsa.Simulation.Judging;
using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Reports;

/// <summary>What came of an experiment: the record, the judge's word on its history, and the figures that reports show.</summary>
public sealed class MetricsResult
{
    private MetricsResult(MetricsRecord record, Judgement judgement)
    {
        (Record, Judgement) = (record, judgement);
        Attempts = LatencyFigures.Of(record.Counters.Latencies);
        var served = record.Requests.FindAll(request => request.State == RequestState.Done);
        Requests = LatencyFigures.Of(served.ConvertAll(request => request.EndedAt - request.BegunAt));
        Outages = Outage.Of(record);
        Error = CourseRules.FirstBroken(record);
        Broken = OwnRules.Broken(this);
    }

    public MetricsRecord Record { get; }

    public Judgement Judgement { get; }

    /// <summary>Of every answered message, redirects among them, as the course counts.</summary>
    public LatencyFigures Attempts { get; }

    /// <summary>Of everything that a client wanted and got, from its first attempt on.</summary>
    public LatencyFigures Requests { get; }

    public IReadOnlyList<Outage> Outages { get; }

    /// <summary>The first rule of the course that does not hold, in its words; null when all hold.</summary>
    public string? Error { get; }

    /// <summary>Rules beyond those of the course that do not hold.</summary>
    public IReadOnlyList<string> Broken { get; }

    public bool Passed => Error is null && Broken.Count == 0;

    /// <summary>Nothing is wrong, and the judge had no time to say that all is right.</summary>
    public bool IsUndecided => Passed && Judgement.Verdict == Verdict.Unknown;

    public int Unanswered => Record.Counters.GetsUnanswered + Record.Counters.PutsUnanswered;

    public double UnansweredPercent => Record.Requests.Count == 0 ? 0 : 100.0 * Unanswered / Record.Requests.Count;

    /// <summary>How many different servers led.</summary>
    public int Leaders => Record.Elections.Select(election => election.Server).Distinct().Count();

    /// <summary>Seconds; 0 when there was no outage.</summary>
    public double LongestOutage => Outages.Count == 0 ? 0 : Outages.Max(outage => outage.Seconds ?? double.PositiveInfinity);

    /// <param name="record">Of an experiment that is over.</param>
    /// <param name="isTimeUp">The judge gives up when this says so.</param>
    public static MetricsResult Of(MetricsRecord record, Func<bool> isTimeUp)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new MetricsResult(record, Judge.Decide(record.History, isTimeUp));
    }
}

using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Metrics.Experiments;

namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>All that is written down while an experiment runs, on one axis of time.</summary>
public sealed class MetricsRecord
{
    /// <summary>Messages are counted by slices of time.</summary>
    public const long SliceTicks = 250 * TimeSpan.TicksPerMillisecond;

    private readonly List<long[]> _messages = [];

    internal MetricsRecord(Experiment experiment) => Experiment = experiment;

    public Experiment Experiment { get; }

    public MetricsCounters Counters { get; } = new();

    public List<MetricsRequest> Requests { get; } = [];

    public List<FaultMark> Faults { get; } = [];

    public List<RoleMark> Roles { get; } = [];

    public List<Election> Elections { get; } = [];

    public List<LagMark> Lags { get; } = [];

    /// <summary>As the course writes it: who was known to lead, one after the other.</summary>
    public List<string> Leaders { get; } = [];

    /// <summary>Lines about what went wrong, in the words of the course.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>One slice after the other; in each a count for each <see cref="MessageGroup"/>.</summary>
    public IReadOnlyList<long[]> Messages => _messages;

    public History History { get; internal set; } = new([]);

    /// <summary>A rule of the algorithm that the simulated world saw broken; null when it saw none, or looked at none.</summary>
    public string? BrokenRule { get; internal set; }

    /// <summary>On virtual time: names the run. Null on real processes.</summary>
    public ulong? TraceHash { get; internal set; }

    internal void Count(MessageGroup group, long now)
    {
        Counters.Messages++;
        var slice = (int)(now / SliceTicks);
        while (_messages.Count <= slice) _messages.Add(new long[(int)MessageGroup.Client + 1]);
        _messages[slice][(int)group]++;
    }
}

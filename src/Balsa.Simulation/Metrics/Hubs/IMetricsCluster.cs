using Balsa.Adapters.Lan;
using Balsa.Simulation.Metrics.Experiments;

namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>
/// The servers of an experiment, simulated or real, and the time in which they live. What they say comes back to
/// <see cref="MetricsHub"/>, on the thread that carries out <see cref="At"/>.
/// </summary>
public interface IMetricsCluster
{
    /// <summary>Ticks since the experiment began.</summary>
    long Now { get; }

    /// <summary>Does something at a time, which is not before now.</summary>
    void At(long time, Action what);

    /// <summary>From a client; it may get lost.</summary>
    void Send(int server, LanMessage message);

    void Start(int server);

    /// <summary>Ends a server, with a crash or in good order.</summary>
    void Fail(int server, FailureMode mode);

    void Pause(int server, long ticks);

    /// <summary>All servers end at the same moment, as badly as this cluster can do it.</summary>
    void CutPower();

    /// <summary>Nothing goes from one to the other any more, in both directions.</summary>
    void Cut(int one, int other);

    /// <summary>Nothing is cut any more.</summary>
    void Heal();

    /// <summary>How much of what is sent gets lost, and about how long the rest takes.</summary>
    void Degrade(double loss, double delayMs);
}

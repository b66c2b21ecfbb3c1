using Balsa.Raft.Probes;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Hubs;
using Balsa.Simulation.Metrics.Virtual;
using Balsa.Simulation.Running;

namespace Balsa.Simulation.Metrics;

/// <summary>Runs an experiment on virtual time: the same experiment gives the same record, whoever runs it.</summary>
public static class MetricsRun
{
    /// <param name="experiment">What happens.</param>
    /// <param name="mutant">A mistake to plant in every server; null for none.</param>
    public static MetricsRecord Run(Experiment experiment, Mutant? mutant = null)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var world = new FullRun(new SimulationRequest
        {
            Seed = experiment.Seed, Mutant = mutant, Without = FaultNames.All, Seconds = (int)experiment.Seconds + 3600,
            Plain = new PlainWorld
            {
                Nodes = experiment.Servers, Heartbeat = TimeSpan.FromMilliseconds(experiment.HeartbeatMs),
                ElectionTimeout = TimeSpan.FromMilliseconds(experiment.ElectionTimeoutMs),
                LatencyTicks = Math.Max(100, (long)Math.Round(experiment.DelayMs * TimeSpan.TicksPerMillisecond)),
                LossPermille = (int)Math.Round(1000 * experiment.Loss),
            },
        });
        var cluster = new VirtualCluster(world, experiment);
        world.Run();
        var record = cluster.Hub.Record;
        (record.TraceHash, record.BrokenRule) = (world.Trace.Hash, world.Verdicts.First?.ToString());
        return record;
    }
}

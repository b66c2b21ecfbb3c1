using Balsa.Raft.Probes;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Oracles;

namespace Balsa.Simulation.Running;

/// <summary>What became of one seed.</summary>
public sealed class SeedResult
{
    private readonly ISimulatedWorld _world;

    internal SeedResult(ISimulatedWorld world) => _world = world;

    public ulong Seed => _world.Seed;

    public ulong TraceHash => _world.Trace.Hash;

    public Violation? Violation => _world.Verdicts.First;

    /// <summary>What the healed cluster did not get done in time.</summary>
    public string? Stuck => _world.Stuck;

    public bool IsBeyondBudget => _world.IsBeyondBudget;

    public bool Failed => Violation is not null || Stuck is not null;

    public long Events => _world.Events;

    public long Operations => _world.Operations;

    public long Messages => _world.Messages;

    public ulong Committed => _world.Committed;

    public long SimulatedTicks => _world.Now;

    public int Nodes => _world.FoundingMembers;

    public int Clients => _world.Callers;

    public int Seconds => _world.Seconds;

    /// <summary>The numbers of the planned faults of this run.</summary>
    public IReadOnlyList<int> PlannedFaults
    {
        get
        {
            var numbers = new List<int>();
            foreach (var fault in _world.Plan) numbers.Add(fault.Number);
            return numbers;
        }
    }

    public long Count(FaultKind kind) => _world.Faults[kind];

    public long Count(Mark mark) => _world.Marks[mark];

    public string Failure => Violation?.ToString() ?? (Stuck is null ? "" : $"stuck: {Stuck}");

    /// <summary>The oracle that spoke: what a shrunk run must still say.</summary>
    public string FailureKind => Violation?.Oracle ?? (Stuck is null ? "" : "stuck");
}

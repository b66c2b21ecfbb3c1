using Balsa.Simulation.Faults;
using Balsa.Simulation.Oracles;
using Balsa.Simulation.Probes;
using Balsa.Simulation.Tracing;

namespace Balsa.Simulation.Running;

/// <summary>What a world can say of itself when it has ended.</summary>
internal interface ISimulatedWorld
{
    ulong Seed { get; }

    Trace Trace { get; }

    Verdicts Verdicts { get; }

    FaultCounts Faults { get; }

    MarkCounts Marks { get; }

    IReadOnlyList<PlannedFault> Plan { get; }

    /// <summary>What the healed cluster did not get done in time.</summary>
    string? Stuck { get; }

    bool IsBeyondBudget { get; }

    long Now { get; }

    long Events { get; }

    long Operations { get; }

    long Messages { get; }

    ulong Committed { get; }

    int FoundingMembers { get; }

    int Callers { get; }

    int Seconds { get; }

    void Run();
}

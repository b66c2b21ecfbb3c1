namespace Balsa.Simulation.Faults;

/// <summary>One planned mishap. What exactly it does is drawn from its own number, so leaving others out does not change it.</summary>
internal readonly record struct PlannedFault(int Number, FaultKind Kind, long At, ulong Draw);

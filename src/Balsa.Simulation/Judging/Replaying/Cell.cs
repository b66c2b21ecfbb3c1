namespace Balsa.Simulation.Judging.Replaying;

/// <summary>What a key has.</summary>
internal readonly record struct Cell(string Value, long Created, long Modified, long Version, long Lease);

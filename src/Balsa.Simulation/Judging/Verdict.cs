namespace Balsa.Simulation.Judging;

/// <summary>What can be said of a history.</summary>
public enum Verdict
{
    /// <summary>There was no patience to find out.</summary>
    Unknown,
    Linearizable,
    NotLinearizable,
}

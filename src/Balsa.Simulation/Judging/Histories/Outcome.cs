namespace Balsa.Simulation.Judging.Histories;

/// <summary>What the client knows at the end of its operation.</summary>
public enum Outcome
{
    Done,

    /// <summary>It had no effect, and never will.</summary>
    NotDone,

    /// <summary>It may have taken effect, may do so at any later time, or never.</summary>
    Unknown,
}

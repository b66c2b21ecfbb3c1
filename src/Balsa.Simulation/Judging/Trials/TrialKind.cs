namespace Balsa.Simulation.Judging.Trials;

/// <summary>What a random history is made of.</summary>
internal enum TrialKind
{
    /// <summary>One key, no revisions.</summary>
    Register,

    /// <summary>Two keys with transactions and ranges, no revisions.</summary>
    Store,

    /// <summary>All of it, and every answer has its revision.</summary>
    Revisions,

    /// <summary>The same without transactions, and half of the outcomes are unknown.</summary>
    Doubtful,
}

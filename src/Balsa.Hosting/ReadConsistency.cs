namespace Balsa.Hosting;

/// <summary>How much a query may trust the member that answers it.</summary>
public enum ReadConsistency
{
    /// <summary>Sees every command that was acknowledged before the query began, wherever. A majority is asked.</summary>
    Linearizable = 0,

    /// <summary>The same by the leader's lease where the cluster allows it, which saves asking; otherwise linearizable.</summary>
    LeaderLease,

    /// <summary>What this member has applied so far: at once, without the others, and possibly old.</summary>
    Local,
}

namespace Balsa.Simulation.FullWorld.Callers;

/// <summary>Somebody who uses the cluster: with a session he has one write under way, without one several.</summary>
internal sealed class Caller
{
    internal ulong Session { get; set; }

    internal ulong LastRequest { get; set; }

    /// <summary>The call of the session that is under way, or the one that opens it.</summary>
    internal Call? InSession { get; set; }

    /// <summary>The lease that he holds, as far as he knows; 0 for none.</summary>
    internal long Lease { get; set; }

    /// <summary>The member that answered last.</summary>
    internal int Slot { get; set; }
}

namespace Balsa.Raft.Reads;

/// <summary>How much a read may trust this member.</summary>
public enum ReadMode : byte
{
    /// <summary>Linearizable: a quorum confirms the leader after the read arrived. On every member; the default.</summary>
    Quorum = 0,

    /// <summary>Linearizable by the leader's lease where the cluster allows it, otherwise as <see cref="Quorum"/>.</summary>
    Lease,

    /// <summary>Whatever this member has applied: may be stale, asks nobody.</summary>
    Local,
}

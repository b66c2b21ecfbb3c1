namespace Balsa.Transport.Codec;

/// <summary>What a connection is for. Said in its hello. The values are on the wire: never renumber.</summary>
public enum LinkPurpose : byte
{
    /// <summary>Messages of the core, and the small parcels that must not wait.</summary>
    Consensus = 1,

    /// <summary>Snapshots: as much as there is room for, and never in the way of a heartbeat.</summary>
    Bulk = 2,

    /// <summary>Talks before there is a cluster: one question, one answer on the same connection.</summary>
    Founding = 3,
}

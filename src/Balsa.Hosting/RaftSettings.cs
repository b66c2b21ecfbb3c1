namespace Balsa.Hosting;

/// <summary>How one member is set up. In a host they are bound from the section "Raft".</summary>
public sealed record RaftSettings
{
    /// <summary>Which of the peers this process is.</summary>
    public string NodeId { get; set; } = "";

    /// <summary>Where its log and snapshots lie. One directory a member.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>
    /// All members of the cluster and where they listen for each other, this one among them: the same on all. They are what
    /// the cluster is founded with; addresses may change later, names may not.
    /// </summary>
    public Dictionary<string, string> Peers { get; init; } = [];

    /// <summary>Tells clusters apart: members of another one are not talked to.</summary>
    public string Cluster { get; set; } = "raft";

    /// <summary>Where to listen, when that is not the address in the list of peers: 0.0.0.0:5001 for every address.</summary>
    public string? Listen { get; set; }

    /// <summary>Without a leader for so long a member stands for election.</summary>
    public TimeSpan ElectionTimeout { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How often the leader shows that it is there; a sixth of the election timeout by default.</summary>
    public TimeSpan? HeartbeatInterval { get; set; }

    /// <summary>For how long a command or a query is tried.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A snapshot is made after so many entries; by default when the log has grown enough to make it worth while.</summary>
    public ulong? SnapshotEvery { get; set; }

    /// <summary>Entries that stay in the log behind a snapshot, so that a member that blinked needs no snapshot.</summary>
    public ulong EntriesKept { get; set; } = 4096;

    /// <summary>Of one file of the log; one more is kept ready.</summary>
    public int SegmentBytes { get; set; } = 16 << 20;

    internal TimeSpan Heartbeat => HeartbeatInterval ?? ElectionTimeout / 6;
}

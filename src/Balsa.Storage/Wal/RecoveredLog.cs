using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal.Reading;

namespace Balsa.Storage.Wal;

/// <summary>What the file held when it was opened.</summary>
public sealed class RecoveredLog
{
    public required Configuration Founding { get; init; }

    public HardState HardState { get; internal set; }

    /// <summary>The number of this start: already raised and synced.</summary>
    public Boot Boot { get; internal set; }

    /// <summary>From index 1 on, without gaps.</summary>
    public List<LogEntry> Entries { get; } = [];

    public List<SeenPeer> Peers { get; } = [];

    /// <summary>Bytes of an unfinished last batch that were cut off; they had never been acknowledged.</summary>
    public long CutBytes { get; internal set; }
}

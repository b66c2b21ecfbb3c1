using Balsa.Raft.Log;

namespace Balsa.Storage.Wal.State;

/// <summary>A file of the log that is still needed.</summary>
internal sealed class Segment(ulong sequence)
{
    internal ulong Sequence => sequence;

    /// <summary>The highest entry that was ever written into it.</summary>
    internal LogIndex Highest { get; set; }
}

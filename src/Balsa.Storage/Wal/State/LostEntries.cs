using Balsa.Raft.Log;

namespace Balsa.Storage.Wal.State;

/// <summary>What damage took from the log: entries that this member had promised and must fetch before it counts again.</summary>
/// <param name="First">The first entry that is missing; everything before it was read back.</param>
/// <param name="LastKnown">The last one that the undamaged rest speaks of; there may have been more.</param>
/// <param name="HardStateIsLost">Term or vote are gone too: this directory can never vote or count again.</param>
public sealed record LostEntries(LogIndex First, LogIndex LastKnown, bool HardStateIsLost);

using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Replica;

/// <summary>What a member begins with beside what the core has to know.</summary>
/// <param name="Log">The log on disk behind its base, in order. It is read once.</param>
/// <param name="Applied">The snapshot that the state machine was restored from; its start when there was none.</param>
/// <param name="LogTime">As it stood in that snapshot.</param>
public sealed record ReplicaStart(IEnumerable<ReplicaEntry> Log, EntryId Applied = default, long LogTime = 0);

using Balsa.Raft.Log;

namespace Balsa.Replica;

/// <summary>
/// What others may know of this member at once: the newest term, how far its log is durable, and whether damage took some.
/// </summary>
public sealed record PublishedState(Term Term, LogIndex Durable, bool Repairing);

using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft;

/// <summary>What a leader believes about one peer, for status pages and checks.</summary>
public readonly record struct PeerStatus(
    MemberId Member, LogIndex Match, LogIndex Next, long HeardAt, bool Replicating, bool NeedsSnapshot, bool NotCounted, bool DiskSlow);

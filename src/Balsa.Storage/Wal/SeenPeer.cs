using Balsa.Raft.Identity;

namespace Balsa.Storage.Wal;

/// <summary>What another member was seen as, so that a disk that went back in time is noticed.</summary>
public readonly record struct SeenPeer(MemberId Member, Incarnation Incarnation, Boot HighestBoot);

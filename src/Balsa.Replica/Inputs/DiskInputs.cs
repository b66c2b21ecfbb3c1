using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Inputs;

/// <summary>Entries that were asked of <see cref="ILogReader"/>; none when they are gone.</summary>
public sealed record EntriesRead(MemberId Purpose, LogIndex First, ReplicaEntry[] Entries) : ReplicaInput;

/// <summary>A snapshot of this member's state is on stable media.</summary>
/// <param name="KeptFrom">The log on disk is needed from this snapshot on, and not before.</param>
public sealed record SnapshotMade(EntryId Snapshot, long Bytes, EntryId KeptFrom, Configuration KeptConfiguration) : ReplicaInput;

/// <summary>A snapshot was given up; the state is as it was.</summary>
public sealed record SnapshotFailed(EntryId Snapshot, string Problem) : ReplicaInput;

/// <summary>A snapshot was read into a new state.</summary>
public sealed record StateRestored(EntryId Snapshot) : ReplicaInput;

/// <summary>A snapshot of a leader is here, whole, and on stable media.</summary>
public sealed record SnapshotArrived(EntryId Snapshot, Configuration Configuration) : ReplicaInput;

/// <summary>A snapshot of a leader cannot be taken now.</summary>
public sealed record SnapshotRefused(EntryId Snapshot) : ReplicaInput;

/// <summary>A snapshot on its way to a peer moved on, or ended, delivered or not.</summary>
public sealed record TransferMoved(MemberId Peer, LogIndex Session, bool Ended) : ReplicaInput;

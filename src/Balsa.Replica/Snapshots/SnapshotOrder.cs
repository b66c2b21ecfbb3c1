using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Snapshots;

/// <summary>One snapshot to be written.</summary>
public sealed record SnapshotOrder(EntryId Id, Configuration Configuration, ContentVersion Content, CaptureBuffer Bytes);

using Balsa.Raft.Log;

namespace Balsa.Replica.Contracts;

/// <summary>An entry with its bytes, as the host keeps it.</summary>
public readonly record struct ReplicaEntry(EntryRef Ref, ReadOnlyMemory<byte> Payload);

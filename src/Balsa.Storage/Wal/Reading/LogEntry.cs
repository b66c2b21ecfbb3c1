using Balsa.Raft.Log;

namespace Balsa.Storage.Wal.Reading;

/// <summary>An entry with its bytes, checked.</summary>
public readonly record struct LogEntry(EntryRef Ref, ReadOnlyMemory<byte> Payload);

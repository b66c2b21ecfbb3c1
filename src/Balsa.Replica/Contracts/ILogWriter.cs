using Balsa.Raft.Effects;
using Balsa.Raft.Log;

namespace Balsa.Replica.Contracts;

public enum LogOperationKind : byte
{
    SaveHardState = 1,
    Append,
    Truncate,

    /// <summary>The entries that damage had taken are back.</summary>
    NoteRecovered,
}

/// <summary>One numbered storage operation of the core; an append is whole, so a number is durable or not.</summary>
public readonly record struct LogOperation(LogOperationKind Kind, IoSeq Io, HardState HardState, ReplicaEntry[] Entries, LogIndex From);

/// <summary>Takes storage operations in order and reports later how far they are durable. In production a thread, in tests a
/// list.</summary>
public interface ILogWriter
{
    /// <summary>The disk has no room for much more: nothing should be proposed or accepted until that changes.</summary>
    bool IsShort { get; }

    /// <summary>The same, when so many bytes of entries will be written before anybody asks again.</summary>
    bool IsShortOf(long bytes) => IsShort;

    /// <summary>Nobody knows yet whether there is room for so many bytes more: they should be proposed a little later.</summary>
    bool IsUnsureOf(long bytes) => false;

    void Write(IReadOnlyList<LogOperation> operations);
}

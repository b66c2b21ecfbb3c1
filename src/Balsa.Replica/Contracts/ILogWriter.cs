using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Replica.Contracts;

public enum LogOperationKind : byte
{
    SaveHardState = 1,
    Append,
    Truncate,

    /// <summary>The entries that damage had taken are back.</summary>
    NoteRecovered,

    /// <summary>The log begins after a snapshot that is on stable media; entries behind it stay if they follow it.</summary>
    BeginAfter,

    /// <summary>Only takes its number.</summary>
    Nothing,
}

/// <summary>
/// One storage operation of the core; an append is whole, so a number is durable or not. Without a number nobody waits for it.
/// </summary>
public readonly record struct LogOperation(LogOperationKind Kind, IoSeq Io)
{
    private readonly ReplicaEntry[]? _entries;

    public HardState HardState { get; init; }

    public ReplicaEntry[] Entries
    {
        get => _entries ?? [];
        init => _entries = value;
    }

    /// <summary>The first entry that is cut.</summary>
    public LogIndex From { get; init; }

    /// <summary>The snapshot that the log begins after, and the configuration in force there.</summary>
    public EntryId Snapshot { get; init; }

    public Configuration? Configuration { get; init; }

    public static LogOperation Begin(IoSeq io, EntryId snapshot, Configuration configuration) =>
        new(LogOperationKind.BeginAfter, io) { Snapshot = snapshot, Configuration = configuration };
}

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

using Balsa.Raft.Log;

namespace Balsa.Storage.Doctor;

/// <summary>How far the newest close mark of a segment speaks.</summary>
public enum CloseState : byte
{
    /// <summary>Records follow the newest mark, or there is none: the last batch is guarded by nothing.</summary>
    Open = 0,

    /// <summary>Everything up to the last record is known to be durable.</summary>
    Closed,

    /// <summary>The log went on in another segment.</summary>
    Left,
}

/// <summary>One file of the log.</summary>
public sealed record SegmentReport(ulong Sequence, string Name, long Bytes)
{
    /// <summary>False: whose it is and what came before cannot be read.</summary>
    public bool IsHeadGood { get; init; }

    /// <summary>A format that this build does not read; 0 when it does.</summary>
    public uint OtherFormat { get; init; }

    /// <summary>The start of the member in which it was begun.</summary>
    public uint Epoch { get; init; }

    /// <summary>The segment that the log came from; 0 for the first.</summary>
    public ulong Previous { get; init; }

    public CloseState Close { get; init; }

    public int RecordCount { get; internal set; }

    public int EntryCount { get; internal set; }

    /// <summary>Records whose header is right and whose bytes are not.</summary>
    public int BadCount { get; internal set; }

    /// <summary>Where the last readable record ends.</summary>
    public long End { get; internal set; }

    /// <summary>No part of the log: it went on elsewhere, or this lies behind damage.</summary>
    public bool IsVoid { get; internal set; }

    /// <summary>Every record that can be read, also behind damage; empty unless asked for.</summary>
    public IReadOnlyList<RecordReport> Records => RecordList;

    internal List<RecordReport> RecordList { get; } = [];
}

/// <summary>One record of a segment.</summary>
/// <param name="Type">By name; a number for one that this build does not know.</param>
/// <param name="Last">The last entry of the log after it: for an entry its own id.</param>
/// <param name="Length">Of its payload.</param>
/// <param name="IsGood">The payload is what the header says.</param>
/// <param name="Follows">It continues the record before; false behind a gap.</param>
public sealed record RecordReport(
    long Offset, string Type, uint Epoch, EntryId Last, int Length, uint DurableUpTo, uint HardStates, bool IsGood, bool Follows);

namespace Balsa.Raft.Log;

/// <summary>What an entry is for. The values are on disk and on the wire: never renumber. 0 is no kind.</summary>
public enum EntryKind : byte
{
    /// <summary>Opens a reign: the new leader's first entry, without which it may commit nothing.</summary>
    Noop = 1,
    Data = 2,
    Configuration = 3,
}

/// <summary>Where the host keeps an entry's bytes. The core carries it and never looks inside.</summary>
public readonly record struct PayloadHandle(ulong Value);

/// <summary>
/// An entry without its bytes. <see cref="Crc"/> is the CRC-32C of the payload, computed once by the proposer; it travels
/// through log and wire unchanged and is checked before the entry is applied.
/// </summary>
public readonly record struct EntryRef(EntryId Id, EntryKind Kind, uint Length, uint Crc, PayloadHandle Payload);

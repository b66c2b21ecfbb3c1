namespace Balsa.Storage.Wal.Format;

/// <summary>What a record says. The values are on disk: never renumber. 0 is no record: so begins untouched space.</summary>
internal enum RecordType : byte
{
    /// <summary>A start of the member, by number. The first record of every start.</summary>
    Boot = 1,

    /// <summary>Term and vote.</summary>
    HardState = 2,

    /// <summary>An entry of the replicated log.</summary>
    Entry = 3,

    /// <summary>Entries from an index on are dropped.</summary>
    Truncation = 4,

    /// <summary>The highest boot seen of another member.</summary>
    Peer = 5,

    /// <summary>Where the log begins now, who the members are there, and which segments are still needed.</summary>
    Base = 6,

    /// <summary>Entries that were promised are lost; they must be fetched before this member counts again.</summary>
    Recovering = 7,

    /// <summary>They are all back.</summary>
    Recovered = 8,
}

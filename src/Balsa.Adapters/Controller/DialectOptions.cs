namespace Balsa.Adapters.Controller;

/// <summary>How the names in an entry are spelt.</summary>
public enum EntryKeys
{
    /// <summary>Term, Key, Value.</summary>
    Upper = 0,

    /// <summary>term, key, value.</summary>
    Lower,
    Both,
}

/// <summary>What a leader says when a STORE is committed.</summary>
public enum StoreAck
{
    On = 0,
    Off,

    /// <summary>A bare SUCCESS, as some controllers expect it.</summary>
    LegacySuccess,
}

/// <summary>What courses do differently from each other.</summary>
public sealed record DialectOptions
{
    public const int DatagramBytesByDefault = 1024, DatagramBytesLeast = 512, DatagramBytesMost = 65_507;

    /// <summary>Of what is sent to a controller: many of them read 1024 bytes and lose the rest.</summary>
    public int DatagramBytesMax { get; init; } = DatagramBytesByDefault;

    /// <summary>LEADER_INFO names the term instead of null.</summary>
    public bool LeaderInfoTerm { get; init; }

    public EntryKeys EntryKeys { get; init; } = EntryKeys.Upper;

    public string EntriesKey { get; init; } = ReplyKeys.Entries;

    public StoreAck StoreAck { get; init; } = StoreAck.On;

    /// <summary>The group's dialect shows an entry 0 that nobody stored.</summary>
    public bool DummyEntry { get; init; }

    /// <summary>SHUTDOWN makes the node play dead instead of ending it.</summary>
    public bool ShutDownPauses { get; init; }

    /// <summary>Requests that change who leads or whether the node runs are refused.</summary>
    public bool RefusesOrders { get; init; }

    /// <summary>For how long a STORE or RETRIEVE may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Entries in one answer to RETRIEVE, unless the request says otherwise.</summary>
    public int EntriesAtOnceMax { get; init; } = 10_000;
}

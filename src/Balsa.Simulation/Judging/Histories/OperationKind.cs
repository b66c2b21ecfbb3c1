namespace Balsa.Simulation.Judging.Histories;

/// <summary>What a client asked for. A register is one key: its read, write and cas are Get, Put and Swap.</summary>
public enum OperationKind
{
    Get,
    Put,
    Append,
    Delete,

    /// <summary>Sets a value if the key has any.</summary>
    Replace,

    /// <summary>Sets a value if the key has the expected one, which can be none.</summary>
    Swap,

    /// <summary>Sets a value if the key was last changed at a revision; 0: if it is not there.</summary>
    PutIf,

    /// <summary>Reads all keys of a range in one moment.</summary>
    Range,

    /// <summary>Comparisons, and what is done in one moment when all or not all of them hold.</summary>
    Txn,

    /// <summary>A lease begins.</summary>
    Grant,

    /// <summary>A lease gets its whole time again.</summary>
    KeepAlive,

    /// <summary>A lease ends, and with it all keys that hang on it.</summary>
    Revoke,
}

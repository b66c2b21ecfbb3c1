namespace Balsa.Simulation.Judging.Histories;

/// <summary>What a client asked of a key. A register is one key: its read, write and cas are Get, Put and Swap.</summary>
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
}

namespace Balsa.Simulation.Judging.Searching;

/// <summary>What an operation, with the outcome it had, does to the value of its key, and what it demands of it.</summary>
internal enum MoveKind : byte
{
    /// <summary>Demands the operand.</summary>
    Sees,

    /// <summary>Demands anything but the operand.</summary>
    SeesOther,

    /// <summary>Sets the operand, whatever there was.</summary>
    Sets,

    Appends,

    /// <summary>Sets the operand; demands the expected value.</summary>
    Swaps,

    /// <summary>Sets the operand; demands anything but the expected value.</summary>
    SwapsOther,

    /// <summary>Does what the operation of this number does to several keys.</summary>
    Runs,

    /// <summary>The same for one that changes nothing.</summary>
    LooksAround,
}

namespace Balsa.Simulation.Nodes;

internal enum NodeState : byte
{
    /// <summary>The directory does not exist yet.</summary>
    NotStarted = 0,
    Up,

    /// <summary>Crashed or shut down; it may come back.</summary>
    Down,

    /// <summary>Refused by its peers, removed, or dead for good.</summary>
    Gone,
}

/// <summary>What a declared fault took from a node's directory, until it is repaired.</summary>
internal enum Harm : byte
{
    None = 0,

    /// <summary>Entries it had acknowledged are missing; it knows, and repairs itself.</summary>
    Damaged,

    /// <summary>Term or vote is unreadable; it knows, and never counts again.</summary>
    TermLost,

    /// <summary>An empty directory in the place of the old one.</summary>
    Wiped,

    /// <summary>An old image in the place of the newest.</summary>
    RolledBack,
}

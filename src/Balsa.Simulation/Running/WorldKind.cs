namespace Balsa.Simulation.Running;

/// <summary>How much of a node is real.</summary>
public enum WorldKind : byte
{
    /// <summary>The core and its executor; disk, network and state machine are models.</summary>
    Core = 0,

    /// <summary>All that ships below the client port, on simulated disks and wires.</summary>
    Full,
}

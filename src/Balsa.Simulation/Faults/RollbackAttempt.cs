using Balsa.Simulation.Nodes;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.Faults;

/// <summary>An image taken of a directory, to be put back when every peer has seen a later boot.</summary>
internal sealed class RollbackAttempt(SimulatedNode node, DiskImage image)
{
    internal SimulatedNode Node { get; } = node;

    internal DiskImage Image { get; } = image;

    internal int TriesLeft { get; set; } = 20;
}

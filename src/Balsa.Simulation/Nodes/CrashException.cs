namespace Balsa.Simulation.Nodes;

/// <summary>The power goes out between two effects. Thrown from within a node and caught by the world.</summary>
#pragma warning disable CA1032, CA1064 // Never leaves this project.
internal sealed class CrashException : Exception
{
    internal static CrashException Instance { get; } = new();
}
#pragma warning restore CA1032, CA1064

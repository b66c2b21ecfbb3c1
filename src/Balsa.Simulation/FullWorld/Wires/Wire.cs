using Balsa.Transport.Codec;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>The way from one node to another, dialled by the first and used by it alone for sending.</summary>
internal sealed class Wire
{
    /// <summary>The connection in use, or being dialled; 0 for none.</summary>
    internal ulong Connection { get; set; }

    internal bool IsUp { get; set; }

    /// <summary>A dial is scheduled.</summary>
    internal bool DialIsDue { get; set; }

    internal long Backoff { get; set; }

    internal HelloVerdict LastVerdict { get; set; }

    internal long LastArrival { get; set; }

    internal void Drop() => (Connection, IsUp) = (0, false);
}

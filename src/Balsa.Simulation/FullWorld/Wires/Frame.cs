using Balsa.Transport.Codec;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>The bytes of a message or parcel on one connection.</summary>
internal sealed class Frame(Wire wire, OutgoingFrame bytes)
{
    internal Wire Wire { get; } = wire;

    internal ulong Connection { get; } = wire.Connection;

    internal OutgoingFrame Bytes { get; } = bytes;

    /// <summary>How often it is still to arrive.</summary>
    internal int Copies { get; set; }

    /// <summary>The borrowed array goes back when the last copy has arrived or was lost.</summary>
    internal void Release()
    {
        if (--Copies == 0) Bytes.Release();
    }
}

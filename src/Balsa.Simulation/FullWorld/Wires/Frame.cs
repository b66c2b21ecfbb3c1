using Balsa.Transport.Codec;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>The bytes of a message on one connection.</summary>
internal sealed class Frame(int from, ulong connection, OutgoingFrame bytes)
{
    internal int From { get; } = from;

    internal ulong Connection { get; } = connection;

    internal OutgoingFrame Bytes { get; } = bytes;

    /// <summary>How often it is still to arrive.</summary>
    internal int Copies { get; set; }

    /// <summary>The borrowed array goes back when the last copy has arrived or was lost.</summary>
    internal void Release()
    {
        if (--Copies == 0) Bytes.Release();
    }
}

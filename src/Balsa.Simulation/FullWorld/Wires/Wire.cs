using Balsa.Transport.Codec;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>One link from one node to another, dialled by the first and used by it alone for sending.</summary>
internal sealed class Wire(int from, int to, LinkPurpose link)
{
    internal int From { get; } = from;

    internal int To { get; } = to;

    internal LinkPurpose Link { get; } = link;

    /// <summary>The connection in use, or being dialled; 0 for none.</summary>
    internal ulong Connection { get; set; }

    internal bool IsUp { get; set; }

    /// <summary>A dial is scheduled.</summary>
    internal bool DialIsDue { get; set; }

    internal long Backoff { get; set; }

    internal HelloVerdict LastVerdict { get; set; }

    internal long LastArrival { get; set; }

    internal void Drop() => (Connection, IsUp) = (0, false);

    /// <summary>The process that dialled is gone.</summary>
    internal void Forget()
    {
        Drop();
        (DialIsDue, Backoff, LastVerdict) = (false, 0, HelloVerdict.Welcome);
    }
}

/// <summary>The first bytes of a connection, on their way.</summary>
internal sealed record HelloCall(Wire Wire, ulong Connection, byte[] Bytes);

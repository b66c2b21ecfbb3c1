namespace Balsa.Server.Ports;

/// <summary>Why a connection was closed.</summary>
internal enum PortRefusal : byte
{
    /// <summary>As many connections as the port bears were open.</summary>
    Full,

    /// <summary>It said too little for too long.</summary>
    Silent,

    /// <summary>It spoke TLS, and the port has none.</summary>
    Tls,

    /// <summary>It spoke nothing that is served here.</summary>
    Nothing,

    /// <summary>It began as HTTP and broke its rules.</summary>
    RulesBroken,
}

/// <summary>What the client port has seen. Changed by many threads.</summary>
internal sealed class PortCounters
{
    private readonly long[] _refused = new long[(int)PortRefusal.RulesBroken + 1];
    private readonly long[] _open = new long[(int)PortProtocol.Nothing + 1];
    private long _accepted;
    private int _all;

    internal long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Connections open now, whatever they speak.</summary>
    internal int OpenNow => Volatile.Read(ref _all);

    internal long Open(PortProtocol protocol) => Interlocked.Read(ref _open[(int)protocol]);

    internal long Refused(PortRefusal reason) => Interlocked.Read(ref _refused[(int)reason]);

    /// <summary>False when there is no room for one more.</summary>
    internal bool TryEnter(int max)
    {
        Interlocked.Increment(ref _accepted);
        if (Interlocked.Increment(ref _all) <= max) return true;
        Interlocked.Decrement(ref _all);
        Refuse(PortRefusal.Full);
        return false;
    }

    internal void Leave() => Interlocked.Decrement(ref _all);

    internal void Begin(PortProtocol protocol) => Interlocked.Increment(ref _open[(int)protocol]);

    internal void End(PortProtocol protocol) => Interlocked.Decrement(ref _open[(int)protocol]);

    internal void Refuse(PortRefusal reason) => Interlocked.Increment(ref _refused[(int)reason]);
}

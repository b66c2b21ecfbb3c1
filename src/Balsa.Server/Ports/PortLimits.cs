namespace Balsa.Server.Ports;

/// <summary>What the client port bears. Beyond it connections are closed and counted, and the node goes on.</summary>
internal sealed record PortLimits
{
    public int ConnectionsMax { get; init; } = 4096;

    /// <summary>Connections that have not said yet what they speak; beyond it the oldest of them is closed.</summary>
    public int UndecidedMax { get; init; } = 1024;

    /// <summary>For how long a connection may leave open what it speaks.</summary>
    public TimeSpan FirstBytesMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the first byte of a request to the end of its headers.</summary>
    public TimeSpan HeadersMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For how long a connection may be open and ask for nothing.</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromMinutes(5);

    public int HeaderBytesMax { get; init; } = 32 << 10;

    /// <summary>Calls at the same time on one connection. A client that wants more waits, as HTTP/2 tells it to.</summary>
    public int StreamsMax { get; init; } = 4096;

    /// <summary>A client that does not answer a ping for this long is gone, however many calls it has open.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long calls may still take when the node stops.</summary>
    public TimeSpan LastAnswers { get; init; } = TimeSpan.FromSeconds(1);
}

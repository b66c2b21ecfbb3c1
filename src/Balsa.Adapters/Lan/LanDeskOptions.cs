namespace Balsa.Adapters.Lan;

/// <summary>How much a desk takes upon itself.</summary>
public sealed record LanDeskOptions
{
    /// <summary>For how long a request waits for a leader.</summary>
    public long PatienceTicks { get; init; } = TimeSpan.TicksPerSecond;

    /// <summary>How many requests wait; one more is answered with a failure at once.</summary>
    public int HeldMax { get; init; } = 1024;

    /// <summary>How many requests back a repeated datagram is noticed.</summary>
    public int RequestsRemembered { get; init; } = 8192;
}

namespace Balsa.KeyValue.Leases;

/// <summary>How a leader ends leases. The values are etcd's; times are in ticks of 100 ns.</summary>
public sealed record LeaseOptions
{
    /// <summary>Expiries that were proposed and have not ended their lease yet.</summary>
    public int InFlightMax { get; init; } = 16;

    /// <summary>Leases that one call looks at.</summary>
    public int ScanMax { get; init; } = 500;

    /// <summary>After this time an expiry that has ended nothing is proposed again.</summary>
    public long RetryTicks { get; init; } = 3 * TimeSpan.TicksPerSecond;

    /// <summary>From so many leases on, a new leader spreads their ends.</summary>
    public int SpreadFrom { get; init; } = 1000;

    /// <summary>Leases that end in one second after they were spread.</summary>
    public int EndsASecond { get; init; } = 750;

    /// <summary>How often it is noted what long leases still have. 0: never.</summary>
    public long CheckpointTicks { get; init; } = 5 * TimeSpan.TicksPerMinute;
}

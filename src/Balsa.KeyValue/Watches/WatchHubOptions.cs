namespace Balsa.KeyValue.Watches;

/// <summary>Bounds of a <see cref="WatchHub{TProbe}"/>.</summary>
public sealed record WatchHubOptions
{
    /// <summary>Revisions in one batch of the past.</summary>
    public int HistoricRevisionsMax { get; init; } = 1000;

    /// <summary>A batch of the past ends with the revision that brings it to so many bytes.</summary>
    public int HistoricBytesMax { get; init; } = 1 << 20;

    /// <summary>A batch of at least so many bytes and two events is split, for watchers that asked for it.</summary>
    public int FragmentBytesMax { get; init; } = 2 << 20;

    /// <summary>Finds of the catching up that wait to be sent, all watchers together.</summary>
    public int FindsMax { get; init; } = 1 << 16;

    /// <summary>Versions of a single key that are looked through before the shared scan is taken instead.</summary>
    public int ChainMax { get; init; } = 1000;

    /// <summary>Between two progress notifications, in ticks of 100 ns.</summary>
    public long ProgressIntervalTicks { get; init; } = 10 * 60 * TimeSpan.TicksPerSecond;

    /// <summary>Decides the places in tables of keys. A host that serves strangers gives a random one.</summary>
    public ulong Seed { get; init; }
}

using System.Globalization;

namespace Balsa.Raft;

/// <summary>Thrown when an option cannot work. The message names the option, the value and the rule.</summary>
public sealed class ImpossibleOptionException(string option, string value, string rule)
    : Exception($"{option} is {value}: {rule}")
{
    public string Option { get; } = option;

    public string Value { get; } = value;

    public string Rule { get; } = rule;
}

/// <summary>The rules that options obey, one line each.</summary>
public static class RaftOptionsCheck
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

    public static void ThrowIfImpossible(RaftOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var o = options;
        Need(!o.Self.IsNone, nameof(o.Self), o.Self.Value, "a member's id must be above 0.");
        Need(!o.Incarnation.IsNotStarted, nameof(o.Incarnation), o.Incarnation.Value, "a started directory has an incarnation above 0.");
        Need(o.Boot.Value > 0, nameof(o.Boot), o.Boot.Value, "the first start of a directory is boot 1.");
        Need(o.FeatureLevel > 0, nameof(o.FeatureLevel), o.FeatureLevel, "the first feature level is 1.");
        CheckTimes(o);
        CheckWindows(o);
    }

    private static void CheckTimes(RaftOptions o)
    {
        Between(nameof(o.HeartbeatInterval), o.HeartbeatInterval, TimeSpan.FromMilliseconds(1), LongestTime);
        Between(nameof(o.ElectionTimeout), o.ElectionTimeout, TimeSpan.FromMilliseconds(1), LongestTime);
        Between(nameof(o.SnapshotStall), o.SnapshotStall, o.HeartbeatInterval, LongestTime);
        Between(nameof(o.SlowDiskHandoff), o.SlowDiskHandoff, TimeSpan.Zero, LongestTime);
        Between(nameof(o.LeaderTenureMax), o.LeaderTenureMax, TimeSpan.Zero, LongestTime);
        Need(o.ElectionTimeout.Ticks >= 3 * o.HeartbeatInterval.Ticks, nameof(o.ElectionTimeout), o.ElectionTimeout,
            $"it must be at least three times HeartbeatInterval ({o.HeartbeatInterval}), or one lost heartbeat costs an election.");
        Need(o.SlowDiskHandoff == TimeSpan.Zero || o.SlowDiskHandoff >= o.HeartbeatInterval, nameof(o.SlowDiskHandoff),
            o.SlowDiskHandoff, $"it must be zero (never) or at least HeartbeatInterval ({o.HeartbeatInterval}).");
        Need(o.LeaderTenureMax == TimeSpan.Zero || o.LeaderTenureMax >= o.ElectionTimeout, nameof(o.LeaderTenureMax),
            o.LeaderTenureMax, $"it must be zero (never) or at least ElectionTimeout ({o.ElectionTimeout}).");
        Between(nameof(o.ClockDriftPermille), o.ClockDriftPermille, 1, 500);
    }

    private static void CheckWindows(RaftOptions o)
    {
        Between(nameof(o.InflightMessagesMax), o.InflightMessagesMax, 1, 1 << 16);
        Between(nameof(o.InflightBytesMax), o.InflightBytesMax, 1, 1L << 40);
        Between(nameof(o.AppendEntriesMax), o.AppendEntriesMax, 1, 1 << 20);
        Between(nameof(o.AppendBytesMax), o.AppendBytesMax, 1, 1 << 30);
        Between(nameof(o.UncommittedEntriesMax), o.UncommittedEntriesMax, 1, 1 << 24);
        Between(nameof(o.UncommittedBytesMax), o.UncommittedBytesMax, 1, 1L << 40);
        Between(nameof(o.EntryBytesMax), o.EntryBytesMax, 1, 1 << 30);
        Between(nameof(o.PendingReadsMax), o.PendingReadsMax, 1, 1 << 24);
        Between(nameof(o.RecentEntries), o.RecentEntries, 4, 1 << 24);
        Need(o.PromotionLag <= 1UL << 32, nameof(o.PromotionLag), o.PromotionLag, "it must be at most 4294967296 entries.");
        Need(o.EntriesKeptBehindSnapshot <= 1UL << 32, nameof(o.EntriesKeptBehindSnapshot), o.EntriesKeptBehindSnapshot,
            "it must be at most 4294967296 entries.");
        Need(o.EntriesKeptForLaggards >= o.EntriesKeptBehindSnapshot && o.EntriesKeptForLaggards <= 1UL << 32,
            nameof(o.EntriesKeptForLaggards), o.EntriesKeptForLaggards,
            $"it must be between EntriesKeptBehindSnapshot ({o.EntriesKeptBehindSnapshot}) and 4294967296 entries.");
    }

    private static void Between<T>(string option, T value, T min, T max) where T : IComparable<T> =>
        Need(value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0, option, value, $"it must be between {min} and {max}.");

    private static void Need<T>(bool holds, string option, T value, string rule)
    {
        if (!holds) throw new ImpossibleOptionException(option, string.Create(CultureInfo.InvariantCulture, $"{value}"), rule);
    }
}

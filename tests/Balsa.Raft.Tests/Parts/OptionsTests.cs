using Balsa.Raft.Identity;

namespace Balsa.Raft.Tests.Parts;

/// <summary>A setting that cannot work is refused before anything starts, by name, value and rule.</summary>
public sealed class OptionsTests
{
    private static readonly RaftOptions Good = new() { Self = new(1), Incarnation = new(1), Boot = new(1), Seed = 1 };

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    public static TheoryData<string, string> Bad()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (option, value, _) in Cases()) cases.Add(option, value);
        return cases;
    }

    private static (string Option, string Value, RaftOptions Options)[] Cases() =>
    [
        ("Self", "0", Good with { Self = default }),
        ("Incarnation", "0", Good with { Incarnation = default }),
        ("Boot", "0", Good with { Boot = default }),
        ("FeatureLevel", "0", Good with { FeatureLevel = 0 }),
        ("HeartbeatInterval", "00:00:00", Good with { HeartbeatInterval = default }),
        ("HeartbeatInterval", "2.00:00:00", Good with { HeartbeatInterval = TimeSpan.FromDays(2) }),
        ("ElectionTimeout", "00:00:00", Good with { ElectionTimeout = default }),
        ("ElectionTimeout", "00:00:00.1490000", Good with { ElectionTimeout = Milliseconds(149) }),
        ("SnapshotStall", "00:00:00.0490000", Good with { SnapshotStall = Milliseconds(49) }),
        ("SlowDiskHandoff", "-00:00:01", Good with { SlowDiskHandoff = TimeSpan.FromSeconds(-1) }),
        ("SlowDiskHandoff", "00:00:00.0490000", Good with { SlowDiskHandoff = Milliseconds(49) }),
        ("LeaderTenureMax", "-00:00:01", Good with { LeaderTenureMax = TimeSpan.FromSeconds(-1) }),
        ("LeaderTenureMax", "00:00:00.2990000", Good with { LeaderTenureMax = Milliseconds(299) }),
        ("ClockDriftPermille", "0", Good with { ClockDriftPermille = 0 }),
        ("ClockDriftPermille", "501", Good with { ClockDriftPermille = 501 }),
        ("InflightMessagesMax", "0", Good with { InflightMessagesMax = 0 }),
        ("InflightBytesMax", "0", Good with { InflightBytesMax = 0 }),
        ("AppendEntriesMax", "0", Good with { AppendEntriesMax = 0 }),
        ("AppendBytesMax", "-1", Good with { AppendBytesMax = -1 }),
        ("UncommittedEntriesMax", "0", Good with { UncommittedEntriesMax = 0 }),
        ("UncommittedBytesMax", "0", Good with { UncommittedBytesMax = 0 }),
        ("EntryBytesMax", "0", Good with { EntryBytesMax = 0 }),
        ("PendingReadsMax", "0", Good with { PendingReadsMax = 0 }),
        ("RecentEntries", "3", Good with { RecentEntries = 3 }),
        ("PromotionLag", "4294967297", Good with { PromotionLag = (1UL << 32) + 1 }),
        ("EntriesKeptForLaggards", "4095", Good with { EntriesKeptForLaggards = 4095 }),
        ("EntriesKeptForLaggards", "4294967297", Good with { EntriesKeptForLaggards = (1UL << 32) + 1 }),
        ("EntriesKeptBehindSnapshot", "4294967297", Good with { EntriesKeptBehindSnapshot = (1UL << 32) + 1 }),
    ];

    [Theory, MemberData(nameof(Bad))]
    [Row("S0-03")]
    public void A_bad_option_is_refused_by_name_value_and_rule(string option, string value)
    {
        var options = Cases().Single(c => c.Option == option && c.Value == value).Options;
        var refused = Assert.Throws<ImpossibleOptionException>(() => RaftOptionsCheck.ThrowIfImpossible(options));
        Assert.Equal((option, value), (refused.Option, refused.Value));
        Assert.StartsWith($"{option} is {value}: ", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.Rule.Length > 10 && refused.Rule[^1] == '.', refused.Rule);
    }

    [Fact]
    public void The_defaults_are_possible() => RaftOptionsCheck.ThrowIfImpossible(Good);

    [Fact]
    public void Every_option_that_has_a_rule_is_in_the_table()
    {
        var free = new[] { "Seed", "Group", "PreVote", "CheckQuorum", "ReuseRemovedIds", "EqualityContract" };
        var all = typeof(RaftOptions).GetProperties().Select(p => p.Name).Except(free).Order(StringComparer.Ordinal);
        Assert.Equal(all.ToArray(), Cases().Select(c => c.Option).Distinct().Order(StringComparer.Ordinal).ToArray());
    }
}

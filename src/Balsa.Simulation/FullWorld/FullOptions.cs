using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches;
using Balsa.Node.Snapshots;
using Balsa.Raft;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Mishaps;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Running;
using Balsa.Storage.Snapshots.Retention;
using Balsa.Storage.Wal;

namespace Balsa.Simulation.FullWorld;

/// <summary>Everything a seed of the full world draws before it begins: how the members are set up, and how bad each thing is.</summary>
internal sealed class FullOptions
{
    internal const ulong Cluster = 0xBA15A;

    /// <summary>Of a snapshot on its way.</summary>
    internal const int PieceBytes = 2 << 10;

    /// <summary>A client's request with its envelope; every segment has room for it.</summary>
    private const int EntryBytesMax = 4 << 10;

    private readonly bool[] _drawn = new bool[FaultNames.Count], _enabled = new bool[FaultNames.Count];

    internal FullOptions(SimulationRequest request)
    {
        var dice = new Dice(Mixing.Mix(request.Seed, 0xF0_11)).Fork(1);
        DrawKinds(dice);
        Array.Copy(_drawn, _enabled, _drawn.Length);
        foreach (var kind in request.Without) _enabled[(int)kind] = false;
        Nodes = dice.OneOf(1, 3, 3, 3, 3, 3, 5, 5);
        Clients = dice.Between(4, 8);
        Seconds = DrawnSeconds = dice.Between(60, 80);
        CallsPerSecond = dice.Between(56, 75);
        LossPermille = Rate(FaultKind.Loss, dice.OneOf(5, 20, 50, 150));
        DuplicatePermille = Rate(FaultKind.Duplicate, dice.OneOf(10, 50, 200));
        ReorderPermille = Rate(FaultKind.Reorder, dice.OneOf(20, 100, 300));
        TailPermille = Rate(FaultKind.Delay, dice.OneOf(1, 3, 10));
        FlipPermille = Rate(FaultKind.FrameFlipped, dice.OneOf(1, 3));
        CutPermille = Rate(FaultKind.FrameCut, dice.OneOf(1, 3));
        StreamBrokenPermille = Rate(FaultKind.StreamBroken, dice.OneOf(100, 300));
        StreamRefusedPermille = Rate(FaultKind.StreamRefused, dice.OneOf(300, 700));
        StreamDelayedPermille = Rate(FaultKind.StreamDelayed, dice.OneOf(100, 300));
        LatencyTicks = dice.OneOf(100L, 500, 1_000, 5_000) * 10;
        CallTimeoutTicks = dice.OneOf(150L, 500, 1_500) * TimeSpan.TicksPerMillisecond;
        LocalReadPermille = dice.OneOf(100, 300, 600);
        SessionPermille = dice.OneOf(200, 600, 900);
        SessionSeconds = dice.OneOf(2, 10, 60);
        Keys = dice.OneOf(3, 8, 24);
        Raft = DrawRaft(dice);
        Wal = DrawWal(dice);
        Store = DrawStore(dice);
        Snapshots = DrawSnapshots(dice);
        Leases = DrawLeases(dice);
        LeaseCallPermille = dice.OneOf(20, 80, 160);
        Watches = DrawWatches(dice, request.Seed);
        CacheBytesMax = dice.OneOf(2_000, 20_000, 1 << 20);
        HashEvery = dice.OneOf(0UL, 16UL, 100UL);
        PatiencePermille = dice.OneOf(0, 300, 800);
        LeaseReads = dice.Chance(400);
        TwoBuilds = dice.Chance(250);
        if (request.Nodes > 0) Nodes = request.Nodes;
        if (request.Clients > 0) Clients = request.Clients;
        if (request.Seconds > 0) Seconds = request.Seconds;
        if (request.Plain is { } plain) BePlain(plain);
    }

    internal int Nodes { get; private set; }
    internal int Clients { get; private set; }
    internal int Seconds { get; }
    internal int DrawnSeconds { get; }
    internal int CallsPerSecond { get; }
    internal int LossPermille { get; set; }
    internal int DuplicatePermille { get; }
    internal int ReorderPermille { get; }
    internal int TailPermille { get; }
    internal int FlipPermille { get; }
    internal int CutPermille { get; }
    internal int StreamBrokenPermille { get; }
    internal int StreamRefusedPermille { get; }
    internal int StreamDelayedPermille { get; }
    internal long LatencyTicks { get; set; }
    internal long CallTimeoutTicks { get; }
    internal int LocalReadPermille { get; }
    internal int SessionPermille { get; }
    internal int SessionSeconds { get; }
    internal int Keys { get; }
    internal WalOptions Wal { get; private set; }
    internal StoreOptions Store { get; private set; }

    internal SnapshotShelfOptions Snapshots { get; private set; }

    internal LeaseOptions Leases { get; }

    /// <summary>How many of all calls are about leases.</summary>
    internal int LeaseCallPermille { get; }

    internal WatchHubOptions Watches { get; }

    internal long CacheBytesMax { get; private set; }

    internal ulong HashEvery { get; private set; }

    /// <summary>How often a call lets a member wait for a leader, or hand it over to one.</summary>
    internal int PatiencePermille { get; private set; }

    internal bool LeaseReads { get; private set; }

    /// <summary>The members begin as an earlier build and are replaced one after the other.</summary>
    internal bool TwoBuilds { get; }

    /// <summary>What all members share; each adds who it is.</summary>
    internal RaftOptions Raft { get; private set; }

    internal bool Has(FaultKind kind) => _enabled[(int)kind];

    /// <summary>Whether the seed itself has the kind, before anything was left out.</summary>
    internal bool WasDrawn(FaultKind kind) => _drawn[(int)kind];

    private int Rate(FaultKind kind, int permille) => Has(kind) ? permille : 0;

    /// <summary>Most seeds have a few kinds of fault at high rates: with all of them at once nothing gets far enough to break.</summary>
    private void DrawKinds(Dice dice)
    {
        var share = dice.OneOf(100, 200, 300, 500, 800);
        foreach (var kind in FullKinds.All)
            _drawn[(int)kind] = dice.Chance(FullKinds.IsRare(kind) ? 700 : share) || FullKinds.IsAlways(kind);
    }

    /// <summary>As asked for, and not as drawn.</summary>
    private void BePlain(PlainWorld plain)
    {
        (Nodes, Clients, LossPermille, LatencyTicks) = (plain.Nodes, 0, plain.LossPermille, plain.LatencyTicks);
        Raft = new RaftOptions
        {
            Self = new(1), Incarnation = new(1), Boot = new(1), Seed = 1, EntryBytesMax = EntryBytesMax,
            HeartbeatInterval = plain.Heartbeat, ElectionTimeout = plain.ElectionTimeout,
        };
        Wal = new WalOptions { BlockBytes = 512, SegmentBytes = 128 << 10, BatchBytesMax = 1 << 20 };
        Store = new StoreOptions { SlabBytes = 64 << 10 };
        Snapshots = Snapshots with { Retention = new RetentionOptions { LogBytesBetween = 200_000 } };
        (CacheBytesMax, HashEvery, PatiencePermille, LeaseReads) = (1 << 20, 100, 0, false);
    }

    private static StoreOptions DrawStore(Dice dice) => new()
    {
        SessionAnswersMax = dice.OneOf(4, 64), SessionAnswerBytesMax = dice.OneOf(200, 4_000, 64 << 10),
        AnswerBytesMax = dice.OneOf(2_000, 1 << 20), SessionsMax = dice.OneOf(12, 1_000), SlabBytes = 64 << 10,
    };

    private static SnapshotShelfOptions DrawSnapshots(Dice dice) => new()
    {
        BlockBytes = 1 << 10, PieceBytes = PieceBytes, WindowBytes = dice.OneOf(4 << 10, 64 << 10),
        Retention = new RetentionOptions
        {
            LogBytesBetween = dice.OneOf(20_000, 60_000, 200_000),
            SnapshotCount = dice.Chance(300) ? (ulong)dice.Between(30, 200) : null,
            LogBytesKept = dice.OneOf(40_000, 1_000_000),
        },
    };

    private static LeaseOptions DrawLeases(Dice dice) => new()
    {
        InFlightMax = dice.OneOf(2, 16), RetryTicks = TimeSpan.TicksPerSecond, SpreadFrom = dice.OneOf(2, 1_000),
        CheckpointTicks = dice.OneOf(300L, 1_000, 600_000) * TimeSpan.TicksPerMillisecond,
    };

    private static WatchHubOptions DrawWatches(Dice dice, ulong seed) => new()
    {
        HistoricRevisionsMax = dice.OneOf(3, 1_000), HistoricBytesMax = dice.OneOf(300, 1 << 20), FragmentBytesMax = 200,
        ChainMax = dice.OneOf(4, 1_000), Seed = seed,
    };

    private RaftOptions DrawRaft(Dice dice)
    {
        var heartbeat = TimeSpan.FromMilliseconds(dice.OneOf(50, 50, 100));
        var election = heartbeat * dice.OneOf(5, 6, 10);
        var kept = dice.OneOf(0UL, 20UL, 200UL);
        return new RaftOptions
        {
            Self = new(1), Incarnation = new(1), Boot = new(1), Seed = 1,
            HeartbeatInterval = heartbeat, ElectionTimeout = election,
            PreVote = dice.Chance(900), CheckQuorum = dice.Chance(900), ClockDriftPermille = dice.OneOf(10, 100, 200),
            InflightMessagesMax = dice.OneOf(2, 8, 256), InflightBytesMax = dice.OneOf(2_000, 8 << 20),
            AppendEntriesMax = dice.OneOf(3, 64, 1024), AppendBytesMax = dice.OneOf(2_000, 64 << 10),
            UncommittedEntriesMax = dice.OneOf(16, 1024), UncommittedBytesMax = dice.OneOf(16_000, 1 << 20),
            EntryBytesMax = EntryBytesMax, PendingReadsMax = dice.OneOf(4, 1024), RecentEntries = dice.OneOf(16, 256, 65_536),
            EntriesKeptBehindSnapshot = kept, EntriesKeptForLaggards = Math.Max(kept, dice.OneOf(20UL, 400UL, 65_536UL)),
            SnapshotStall = TimeSpan.FromMilliseconds(dice.OneOf(1_000, 3_000)), PromotionLag = (ulong)dice.OneOf(0, 20, 64),
            SlowDiskHandoff = TimeSpan.FromMilliseconds(dice.OneOf(0, 200, 1_000)),
            ReuseRemovedIds = Has(FaultKind.ReAdd) && dice.Chance(700),
            LeaderTenureMax = Has(FaultKind.Tenure) ? election * dice.OneOf(5, 20) : TimeSpan.Zero,
        };
    }

    private static WalOptions DrawWal(Dice dice)
    {
        const int Block = 512;
        return new WalOptions
        {
            BlockBytes = Block, SegmentBytes = Block * dice.OneOf(24, 48, 128, 256), SpareSegments = dice.OneOf(1, 1, 2),
            BatchBytesMax = dice.OneOf(1_500, 16_000, 1 << 20), RetryTicks = 50 * TimeSpan.TicksPerMillisecond,
        };
    }
}

using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Running;

namespace Balsa.Simulation.Worlds;

/// <summary>Everything a seed draws before its world begins: how the members are set up, and how bad each thing is.</summary>
internal sealed class WorldOptions
{
    internal const int SlotsMax = 40;

    private readonly bool[] _drawn = new bool[FaultNames.Count], _enabled = new bool[FaultNames.Count];

    internal int Nodes { get; }
    internal int Clients { get; }
    internal int Seconds { get; }
    internal int DrawnSeconds { get; }
    internal int LossPermille { get; }
    internal int DuplicatePermille { get; }
    internal int ReplayPermille { get; }
    internal int ReorderPermille { get; }
    internal int TailPermille { get; }
    internal long LatencyTicks { get; }
    internal long SyncTicks { get; }
    internal long ApplyTicks { get; }
    internal long ClientPauseTicks { get; }
    internal long ClientTimeoutTicks { get; }
    internal int BurstMax { get; }
    internal int ReadPermille { get; }
    internal int DeferPermille { get; }
    internal int SnapshotEvery { get; }
    internal bool HelloChecksIncarnation { get; }
    internal bool StartsWithLease { get; }

    /// <summary>What all members share; each adds who it is.</summary>
    internal RaftOptions Raft { get; }

    internal WorldOptions(SimulationRequest request)
    {
        var dice = new Dice(Mixing.Mix(request.Seed, 0x0F710)).Fork(1);
        DrawKinds(dice);
        Array.Copy(_drawn, _enabled, _drawn.Length);
        foreach (var kind in request.Without) _enabled[(int)kind] = false;
        Nodes = dice.OneOf(1, 2, 3, 3, 3, 3, 4, 5, 5, 5, 6, 7);
        Clients = dice.Between(2, 6);
        Seconds = DrawnSeconds = dice.Between(280, 400);
        LossPermille = Rate(FaultKind.Loss, dice.OneOf(5, 20, 50, 100, 200, 300));
        DuplicatePermille = Rate(FaultKind.Duplicate, dice.OneOf(10, 50, 200, 500));
        ReplayPermille = Rate(FaultKind.Replay, dice.OneOf(2, 10, 40));
        ReorderPermille = Rate(FaultKind.Reorder, dice.OneOf(20, 100, 500));
        TailPermille = Rate(FaultKind.Delay, dice.OneOf(1, 3, 10));
        LatencyTicks = dice.OneOf(100L, 500, 1_000, 5_000, 20_000) * 10;
        SyncTicks = dice.OneOf(20L, 100, 1_000, 5_000, 20_000) * 10;
        ApplyTicks = dice.OneOf(1L, 10, 100, 3_000) * 10;
        ClientPauseTicks = dice.Between(60L, 300) * TimeSpan.TicksPerMillisecond;
        ClientTimeoutTicks = dice.OneOf(100L, 500, 2_000, 5_000) * TimeSpan.TicksPerMillisecond;
        BurstMax = dice.OneOf(1, 1, 2, 4, 16);
        ReadPermille = dice.Between(100, 700);
        DeferPermille = dice.OneOf(0, 0, 100, 500);
        SnapshotEvery = dice.OneOf(0, 5, 20, 50, 200);
        // With ids given twice a member that lags would refuse its leader for ever: then only the core compares directories.
        HelloChecksIncarnation = dice.Chance(600) && !_drawn[(int)FaultKind.ReAdd];
        StartsWithLease = dice.Chance(500);
        Raft = DrawRaft(dice);
        if (request.Nodes > 0) Nodes = request.Nodes;
        if (request.Clients > 0) Clients = request.Clients;
        if (request.Seconds > 0) Seconds = request.Seconds;
    }

    internal bool Has(FaultKind kind) => _enabled[(int)kind];

    /// <summary>Whether the seed itself has the kind, before anything was left out.</summary>
    internal bool WasDrawn(FaultKind kind) => _drawn[(int)kind];

    /// <summary>How often a message takes 0.1 to 30 s or worse is drawn once a seed; 0 when the kind is left out.</summary>
    private int Rate(FaultKind kind, int permille) => Has(kind) ? permille : 0;

    /// <summary>Most seeds have a few kinds of fault at high rates: with all of them at once nothing gets far enough to break.</summary>
    private void DrawKinds(Dice dice)
    {
        var share = dice.OneOf(80, 150, 250, 400, 700, 1000);
        for (var i = 0; i < (int)FaultNames.FirstOfFullWorld; i++) _drawn[i] = dice.Chance(share);
        // The budget lets these happen a few times a seed at most.
        foreach (var rare in (ReadOnlySpan<FaultKind>)[FaultKind.Wipe, FaultKind.Rollback, FaultKind.Damage, FaultKind.TermLost])
            if (dice.Chance(800)) _drawn[(int)rare] = true;
        foreach (var kind in FaultNames.All)
            if (kind is >= FaultKind.KeepsNothing and <= FaultKind.KeepsSubset
                or FaultKind.ClientTimeout or FaultKind.SnapshotTaken or FaultKind.ClockOrigin)
                _drawn[(int)kind] = true;
    }

    private RaftOptions DrawRaft(Dice dice)
    {
        var heartbeat = TimeSpan.FromMilliseconds(dice.OneOf(20, 50, 50, 100));
        var election = heartbeat * dice.OneOf(3, 5, 6, 10);
        return new RaftOptions
        {
            Self = new(1), Incarnation = new(1), Boot = new(1), Seed = 1,
            HeartbeatInterval = heartbeat, ElectionTimeout = election,
            PreVote = dice.Chance(800), CheckQuorum = dice.Chance(850),
            FeatureLevel = dice.Chance(300) ? 2u : 1u,
            ClockDriftPermille = dice.OneOf(1, 10, 50, 100, 200),
            InflightMessagesMax = dice.OneOf(1, 2, 8, 64), InflightBytesMax = dice.OneOf(1, 500, 1 << 20),
            AppendEntriesMax = dice.OneOf(1, 3, 16, 64), AppendBytesMax = dice.OneOf(100, 1_000, 1 << 20),
            UncommittedEntriesMax = dice.OneOf(4, 64, 1024), UncommittedBytesMax = dice.OneOf(2_000, 1 << 20),
            EntryBytesMax = 1 << 16, PendingReadsMax = dice.OneOf(2, 64, 1024),
            RecentEntries = dice.OneOf(4, 16, 64, 1024), PromotionLag = (ulong)dice.OneOf(0, 3, 20),
            EntriesKeptBehindSnapshot = (ulong)dice.OneOf(0, 2, 20, 100),
            SnapshotStall = TimeSpan.FromMilliseconds(dice.OneOf(300, 1_000, 3_000)),
            SlowDiskHandoff = TimeSpan.FromMilliseconds(dice.OneOf(0, 100, 500, 1_000)),
            LeaderTenureMax = Has(FaultKind.Tenure) ? election * dice.OneOf(1, 3, 20) : TimeSpan.Zero,
            ReuseRemovedIds = Has(FaultKind.ReAdd),
        };
    }

    internal RaftOptions RaftOf(MemberId self, Incarnation incarnation, Boot boot, ulong seed) =>
        Raft with { Self = self, Incarnation = incarnation, Boot = boot, Seed = seed };
}

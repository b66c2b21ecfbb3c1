using Balsa.KeyValue.Answers;

namespace Balsa.Simulation.Stores.Drills;

/// <summary>What many rounds add up to. Reports of several threads are merged afterwards.</summary>
public sealed class StoreDrillReport
{
    /// <summary>From this many rounds on, an error or an option that was never met is a failure of its own.</summary>
    public const long RoundsThatMustHitEverything = 1000;

    private readonly List<StoreRoundFailure> _failing = [];

    public long Rounds { get; internal set; }

    /// <summary>Commands applied; each answer was compared.</summary>
    public long Commands => Sights[StoreSight.Command];

    public long Queries => Sights[StoreSight.Query];

    public long Events => Sights[StoreSight.Event];

    public long Hashes => Sights[StoreSight.Hash];

    /// <summary>Snapshots that were restored and compared.</summary>
    public long Snapshots => Sights[StoreSight.SnapshotRestored];

    /// <summary>In the order of the seeds.</summary>
    public IReadOnlyList<StoreRoundFailure> Failing => _failing;

    internal StoreSights Sights { get; } = new();

    /// <summary>How often a command or query was refused in this way.</summary>
    public long Count(StoreError error) => Sights[error];

    public void Add(StoreDrillReport other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Rounds += other.Rounds;
        Sights.Add(other.Sights);
        _failing.AddRange(other._failing);
        _failing.Sort((a, b) => a.Seed.CompareTo(b.Seed));
    }

    /// <summary>What a long run should have met and did not: then it proves less than it seems to.</summary>
    public IReadOnlyList<string> NeverHit() => Rounds < RoundsThatMustHitEverything ? [] : [.. Sights.Missing()];

    internal void Add(StoreRoundFailure failure) => _failing.Add(failure);
}

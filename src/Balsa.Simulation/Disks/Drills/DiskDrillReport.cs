using Balsa.Simulation.Disks.Damages;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>What many rounds add up to. Reports of several threads are merged afterwards.</summary>
public sealed class DiskDrillReport
{
    /// <summary>From this many rounds on, a kind of damage or a place that was never hit is a failure of its own.</summary>
    public const long RoundsThatMustHitEverything = 20_000;

    private static readonly IoSite[] AllSites = Enum.GetValues<IoSite>();

    private readonly long[] _findings = new long[Enum.GetValues<DiskFinding>().Length];
    private readonly long[] _corruptions = new long[Enum.GetValues<DamageKind>().Length];
    private readonly long[] _failures = new long[AllSites.Length];
    private readonly List<DiskRoundFailure> _failing = [];

    public long Rounds { get; internal set; }

    /// <summary>How often a process ended before its time, with or without the power.</summary>
    public long CrashPoints { get; internal set; }

    /// <summary>How often something that the disk had confirmed was changed.</summary>
    public long Corruptions { get; private set; }

    /// <summary>Of these, how many storage spoke up about.</summary>
    public long Noticed { get; internal set; }

    /// <summary>And how many changed nothing that is still needed.</summary>
    public long Harmless { get; internal set; }

    /// <summary>Damage to a last batch of which nothing written later speaks: it cannot be told from a torn end.</summary>
    public long UnconfirmedInjected { get; internal set; }

    public long UnconfirmedNoticed { get; internal set; }

    /// <summary>The segment in use as it was some syncs before, with all its own words: only others can know.</summary>
    public long RolledBack { get; internal set; }

    /// <summary>Damaged members whose log was brought back and compared.</summary>
    public long Repairs { get; internal set; }

    /// <summary>All disks and steps of all rounds in one number, whatever the order of the rounds.</summary>
    public ulong Hash { get; internal set; }

    /// <summary>In the order of the seeds.</summary>
    public IReadOnlyList<DiskRoundFailure> Failing => _failing;

    public static IReadOnlyList<string> CorruptionNames { get; } = Enum.GetNames<DamageKind>();

    public bool HasFindings => _failing.Count > 0;

    public long Count(DiskFinding finding) => _findings[(int)finding];

    /// <param name="kind">An index into <see cref="CorruptionNames"/>.</param>
    public long CountCorruptions(int kind) => _corruptions[kind];

    /// <summary>Failures that were planned for the place, and met.</summary>
    public long CountFailures(IoSite site) => _failures[(int)site];

    /// <summary>Places of the code that the drill made fail.</summary>
    public int SitesHit
    {
        get
        {
            var hit = 0;
            foreach (var failures in _failures)
                if (failures > 0) hit++;
            return hit;
        }
    }

    public long SiteFailures
    {
        get
        {
            var sum = 0L;
            foreach (var failures in _failures) sum += failures;
            return sum;
        }
    }

    public void Add(DiskDrillReport other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Rounds += other.Rounds;
        CrashPoints += other.CrashPoints;
        Corruptions += other.Corruptions;
        Noticed += other.Noticed;
        Harmless += other.Harmless;
        UnconfirmedInjected += other.UnconfirmedInjected;
        UnconfirmedNoticed += other.UnconfirmedNoticed;
        RolledBack += other.RolledBack;
        Repairs += other.Repairs;
        Hash += other.Hash;
        for (var i = 0; i < _findings.Length; i++) _findings[i] += other._findings[i];
        for (var i = 0; i < _corruptions.Length; i++) _corruptions[i] += other._corruptions[i];
        for (var i = 0; i < _failures.Length; i++) _failures[i] += other._failures[i];
        _failing.AddRange(other._failing);
        _failing.Sort((a, b) => a.Seed.CompareTo(b.Seed));
    }

    /// <summary>What a long run should have met and did not: then it proves less than it seems to.</summary>
    public IReadOnlyList<string> NeverHit()
    {
        var missing = new List<string>();
        if (Rounds < RoundsThatMustHitEverything) return missing;
        for (var i = 0; i < _corruptions.Length; i++)
            if (_corruptions[i] == 0) missing.Add($"damage {CorruptionNames[i]}");
        foreach (var site in DiskDrill.Sites)
            if (_failures[(int)site] == 0) missing.Add($"a failure at {site}");
        return missing;
    }

    internal void Add(DiskRoundFailure failure)
    {
        _findings[(int)failure.Finding]++;
        _failing.Add(failure);
    }

    internal void CountCorruption(DamageKind kind)
    {
        Corruptions++;
        _corruptions[(int)kind]++;
    }

    internal void CountSiteFailure(IoSite site) => _failures[(int)site]++;
}

/// <summary>A round that found something.</summary>
/// <param name="Seed">Repeats it.</param>
/// <param name="Finding">The first thing it found.</param>
/// <param name="Text">What is wrong, for people.</param>
public readonly record struct DiskRoundFailure(ulong Seed, DiskFinding Finding, string Text);

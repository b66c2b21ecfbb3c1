using Balsa.Raft.Probes;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Mishaps;

namespace Balsa.Simulation.Running;

/// <summary>What many seeds add up to. Reports of several threads are merged afterwards.</summary>
public sealed class RunReport
{
    /// <summary>From this many seeds on, a kind of fault or a mark that never happened is a failure of its own.</summary>
    public const int SeedsThatMustHitEverything = 1000;

    private readonly long[] _faults = new long[FaultNames.Count];
    private readonly long[] _marks = new long[Enum.GetValues<Mark>().Length];
    private readonly List<(ulong Seed, string Failure)> _failures = [];

    /// <summary>Which kinds of fault and which marks must have happened hangs on it.</summary>
    public WorldKind World { get; init; }

    public long Seeds { get; private set; }

    public long Violations { get; private set; }

    public long Stuck { get; private set; }

    /// <summary>Seeds whose faults left no quorum, so that nothing could be demanded at their end.</summary>
    public long BeyondBudget { get; private set; }

    public long Events { get; private set; }

    public long Operations { get; private set; }

    public long Messages { get; private set; }

    public long SimulatedTicks { get; private set; }

    /// <summary>In the order of the seeds.</summary>
    public IReadOnlyList<(ulong Seed, string Failure)> Failures => _failures;

    public long Count(FaultKind kind) => _faults[(int)kind];

    public long Count(Mark mark) => _marks[(int)mark];

    public void Add(SeedResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Seeds++;
        if (result.Violation is not null) Violations++;
        else if (result.Stuck is not null) Stuck++;
        if (result.IsBeyondBudget) BeyondBudget++;
        if (result.Failed) _failures.Add((result.Seed, result.Failure));
        Events += result.Events;
        Operations += result.Operations;
        Messages += result.Messages;
        SimulatedTicks += result.SimulatedTicks;
        for (var i = 0; i < _faults.Length; i++) _faults[i] += result.Count((FaultKind)i);
        for (var i = 0; i < _marks.Length; i++) _marks[i] += result.Count((Mark)i);
    }

    public void Add(RunReport other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Seeds += other.Seeds;
        Violations += other.Violations;
        Stuck += other.Stuck;
        BeyondBudget += other.BeyondBudget;
        Events += other.Events;
        Operations += other.Operations;
        Messages += other.Messages;
        SimulatedTicks += other.SimulatedTicks;
        for (var i = 0; i < _faults.Length; i++) _faults[i] += other._faults[i];
        for (var i = 0; i < _marks.Length; i++) _marks[i] += other._marks[i];
        _failures.AddRange(other._failures);
        _failures.Sort((a, b) => a.Seed.CompareTo(b.Seed));
    }

    /// <summary>The kind of fault of this world that happened least, and how often.</summary>
    public (FaultKind Kind, long Count) Rarest()
    {
        var kinds = KindsOfTheWorld;
        var rarest = kinds[0];
        foreach (var kind in kinds)
            if (Count(kind) < Count(rarest)) rarest = kind;
        return (rarest, Count(rarest));
    }

    /// <summary>What a long run should have met and did not: then it proves less than it seems to.</summary>
    public IReadOnlyList<string> NeverHit()
    {
        var missing = new List<string>();
        if (Seeds < SeedsThatMustHitEverything) return missing;
        foreach (var kind in KindsOfTheWorld)
            if (_faults[(int)kind] == 0) missing.Add($"fault {FaultNames.Of(kind)}");
        foreach (var mark in Enum.GetValues<Mark>())
            if (_marks[(int)mark] == 0 && (World != WorldKind.Full || FullMarks.MustBeHit(mark))) missing.Add($"mark {mark}");
        return missing;
    }

    private IReadOnlyList<FaultKind> KindsOfTheWorld => World == WorldKind.Full ? FullKinds.All : FaultNames.OfCoreWorld;
}

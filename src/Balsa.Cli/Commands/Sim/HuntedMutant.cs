using Balsa.KeyValue.Probes;
using Balsa.Raft.Probes;
using Balsa.Simulation.Disks.Drills;
using Balsa.Simulation.Running;
using Balsa.Simulation.Stores.Drills;
using Balsa.Storage.Probes;

namespace Balsa.Cli.Commands.Sim;

/// <summary>A planted mistake, or a variant that is none, whatever it is planted in.</summary>
internal abstract record HuntedMutant(string Name, string Layer, bool IsLegal)
{
    internal const string Core = "core", Storage = "storage", Store = "store", Replica = "replica";

    /// <summary>All of them, the slowest first, so that two threads end at about the same time.</summary>
    internal static IEnumerable<HuntedMutant> All() =>
    [
        .. HostMutantHunt.Mistakes.Select(mutant => new OfHost(mutant, false)),
        .. HostMutantHunt.Legal.Select(mutant => new OfHost(mutant, true)),
        .. MutantHunt.Mistakes.Select(mutant => new OfCore(mutant, false)),
        .. DiskMutantHunt.Mistakes.Select(mutant => new OfStorage(mutant, false)),
        .. StoreMutantHunt.Mistakes.Select(mutant => new OfStore(mutant, false)),
        .. MutantHunt.Legal.Select(mutant => new OfCore(mutant, true)),
        .. DiskMutantHunt.Legal.Select(mutant => new OfStorage(mutant, true)),
        .. StoreMutantHunt.Legal.Select(mutant => new OfStore(mutant, true)),
    ];

    /// <summary>What the simulator notices first, and at which seed; null when the patience was over first.</summary>
    internal abstract (string Kind, ulong Seed)? Hunt(ulong firstSeed, Func<bool> isOutOfPatience);

    /// <summary>Whether a recorded scenario tells another story with it.</summary>
    internal abstract bool ChangesAStory();

    /// <summary>What is wrongly held against a variant that is no mistake.</summary>
    internal abstract IEnumerable<string> FalseAlarms();

    private sealed record OfCore(Mutant Mutant, bool IsLegal) : HuntedMutant(Mutant.ToString(), Core, IsLegal)
    {
        private const int LegalSeeds = 150;

        internal override (string, ulong)? Hunt(ulong firstSeed, Func<bool> isOutOfPatience) =>
            MutantHunt.Hunt(Mutant, firstSeed, isOutOfPatience) is { } result ? (result.FailureKind, result.Seed) : null;

        internal override bool ChangesAStory() => MutantHunt.ChangesAStory(Mutant);

        internal override IEnumerable<string> FalseAlarms()
        {
            for (var i = 0UL; i < LegalSeeds; i++)
            {
                var result = SimulationRunner.Run(new SimulationRequest { Seed = MutantHunt.FirstSeeds[0] + i, Mutant = Mutant });
                if (result.Failed) yield return $"seed {result.Seed}: {result.Failure}";
            }
        }
    }

    private sealed record OfHost(PlantedMistake Mutant, bool IsLegal) : HuntedMutant(Mutant.Name, Replica, IsLegal)
    {
        internal override (string, ulong)? Hunt(ulong firstSeed, Func<bool> isOutOfPatience) =>
            HostMutantHunt.Hunt(Mutant, firstSeed, isOutOfPatience) is { } result ? (result.FailureKind, result.Seed) : null;

        internal override bool ChangesAStory() => false;

        internal override IEnumerable<string> FalseAlarms()
        {
            foreach (var first in MutantHunt.FirstSeeds)
            {
                for (var i = 0UL; i < HostMutantHunt.LegalSeeds; i++)
                {
                    var result = SimulationRunner.Run(Mutant.In(WorldKind.Full, first + i));
                    if (result.Failed) yield return $"seed {result.Seed}: {result.Failure}";
                }
            }
        }
    }

    private sealed record OfStorage(StorageMutant Mutant, bool IsLegal) : HuntedMutant(Mutant.ToString(), Storage, IsLegal)
    {
        internal override (string, ulong)? Hunt(ulong firstSeed, Func<bool> isOutOfPatience) =>
            DiskMutantHunt.Hunt(Mutant, firstSeed, isOutOfPatience) is { } found ? ($"disk: {found.Finding}", found.Seed) : null;

        internal override bool ChangesAStory() => false;

        internal override IEnumerable<string> FalseAlarms()
        {
            var drill = new DiskDrill(Mutant);
            foreach (var first in MutantHunt.FirstSeeds)
                for (var i = 0UL; i < DiskMutantHunt.LegalRounds; i++)
                    if (drill.Run(first + i) is { } failure) yield return $"round {failure.Seed}: {failure.Finding}: {failure.Text}";
        }
    }

    private sealed record OfStore(StoreMutant Mutant, bool IsLegal) : HuntedMutant(Mutant.ToString(), Store, IsLegal)
    {
        internal override (string, ulong)? Hunt(ulong firstSeed, Func<bool> isOutOfPatience) =>
            StoreMutantHunt.Hunt(Mutant, firstSeed, isOutOfPatience) is { } found ? ($"store: {found.Finding}", found.Seed) : null;

        internal override bool ChangesAStory() => false;

        internal override IEnumerable<string> FalseAlarms()
        {
            var drill = new StoreDrill(Mutant);
            foreach (var first in MutantHunt.FirstSeeds)
                for (var i = 0UL; i < StoreMutantHunt.LegalRounds; i++)
                    if (drill.Run(first + i) is { } failure) yield return $"round {failure.Seed}: {failure.Finding}: {failure.Text}";
        }
    }
}

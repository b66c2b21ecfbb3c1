using System.Diagnostics;
using Balsa.Cli.CommandLine;
using Balsa.Simulation.Disks.Drills;
using Balsa.Simulation.Running;
using Balsa.Storage.Probes;

namespace Balsa.Cli.Commands.Sim;

/// <summary>What became of each mistake planted in storage: the drill looks for it from three unrelated first seeds.</summary>
internal sealed class StorageMutantReport(Output output, double patience)
{
    private const int LegalRounds = 3000;

    /// <summary>
    /// What no drill can see, because it changes only what is said of bytes that carry nothing. Tests of storage plant these.
    /// </summary>
    private static readonly StorageMutant[] ForTests = [StorageMutant.PaddingIgnored, StorageMutant.IdentityChecksumIgnored];

    private readonly List<double> _seconds = [];
    private readonly List<StorageMutant> _missed = [], _byTestsOnly = [];

    public static IReadOnlyList<StorageMutant> All { get; } =
        [.. Enum.GetValues<StorageMutant>().Where(mutant => mutant != StorageMutant.None)];

    public int Planted { get; private set; }

    public int CaughtBySimulator { get; private set; }

    public int LegalVariants { get; private set; }

    public int FalseAlarms { get; private set; }

    public int Caught => CaughtBySimulator + _byTestsOnly.Count;

    public IReadOnlyList<string> Missed => [.. _missed.Select(mutant => mutant.ToString())];

    public IReadOnlyList<string> ByTestsOnly => [.. _byTestsOnly.Select(mutant => mutant.ToString())];

    public double SlowestSeconds => _seconds.Count == 0 ? 0 : _seconds.Max();

    public double MedianSeconds => _seconds.Count == 0 ? 0 : _seconds.Order().ElementAt(_seconds.Count / 2);

    public void Try(StorageMutant mutant)
    {
        if (mutant.ToString().StartsWith("Legal", StringComparison.Ordinal))
        {
            CountFalseAlarms(mutant);
            return;
        }

        Planted++;
        if (ForTests.Contains(mutant)) _byTestsOnly.Add(mutant);
        else if (MutantHunt.FirstSeeds.All(first => IsSeen(mutant, first))) CaughtBySimulator++;
        else _missed.Add(mutant);
    }

    private bool IsSeen(StorageMutant mutant, ulong first)
    {
        var started = Stopwatch.GetTimestamp();
        var drill = new DiskDrill(mutant);
        for (var seed = first; Stopwatch.GetElapsedTime(started).TotalSeconds < patience; seed++)
        {
            if (drill.Run(seed) is not { } found) continue;
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            _seconds.Add(seconds);
            output.Line($"{mutant}: {found.Finding}, seed {seed}, {seconds:F2} s");
            return true;
        }

        output.Message($"{mutant}: not seen from seed {first} on in {patience:F0} s");
        return false;
    }

    private void CountFalseAlarms(StorageMutant mutant)
    {
        LegalVariants++;
        var drill = new DiskDrill(mutant);
        for (var i = 0UL; i < LegalRounds; i++)
        {
            if (drill.Run(MutantHunt.FirstSeeds[0] + i) is not { } found) continue;
            FalseAlarms++;
            output.Message($"{mutant} is no mistake but was flagged: seed {MutantHunt.FirstSeeds[0] + i}: {found.Finding}: {found.Text}");
            return;
        }
    }
}

using System.Diagnostics;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Chaos.Upkeep;

/// <summary>A cluster in use on which operators work, one step after the other.</summary>
/// <param name="note">Progress.</param>
internal sealed class UpkeepRun(int seed, Action<string> note)
{
    private const int Voters = 3;
    private static readonly TimeSpan Peace = TimeSpan.FromSeconds(5), ShortPeace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(300);
    private const int ManyRounds = 12;

    internal SortedDictionary<UpkeepKind, int> Done { get; } = [];

    internal int Rounds => Done.Values.Sum();

    /// <summary>Why it ended early; null when it did not.</summary>
    internal string? Failure { get; private set; }

    internal long Operations { get; private set; }

    internal long Failed { get; private set; }

    internal IReadOnlyCollection<string> Failures { get; private set; } = [];

    internal double P99BeforeMs { get; private set; }

    internal double P99DuringMs { get; private set; }

    internal double LongestMs { get; private set; }

    internal bool Holds => Failure is null && Failed == 0 && Operations > 0 && Rounds > 0;

    /// <exception cref="DevException">The cluster does not start.</exception>
    internal async Task RunAsync(int rounds, CancellationToken stop)
    {
        var plan = DevPlan.Make(Voters + 1, dataDirectory: null, basePort: null) with { Spares = 1 };
        await using var cluster = new DevCluster(plan);
        await cluster.StartAsync();
        await cluster.WaitForLeaderAsync();
        await using var load = new UserLoad(cluster.Endpoints);
        load.Start();
        await Task.Delay(rounds < ManyRounds ? ShortPeace : Peace, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            while (Rounds < rounds && !stop.IsCancellationRequested) await RoundAsync(plan, cluster, load);
        }
        catch (Exception problem) when (problem is ChaosException or DevException)
        {
            // Whoever interrupts us at a terminal interrupts the nodes as well, and they end.
            if (!stop.IsCancellationRequested) Failure = problem.Message;
        }

        if (!stop.IsCancellationRequested) await load.StopAsync();
        Look(load);
    }

    private async Task RoundAsync(DevPlan plan, DevCluster cluster, UserLoad load)
    {
        var kinds = Enum.GetValues<UpkeepKind>();
        var kind = kinds[(int)((uint)(seed + Rounds) % kinds.Length)];
        var (began, failed) = (Stopwatch.GetTimestamp(), load.Failed);
        load.IsDisturbed = true;
        await new Operator(plan, cluster).DoAsync(kind);
        load.IsDisturbed = false;
        Done[kind] = Done.GetValueOrDefault(kind) + 1;
        note($"round {Rounds}: {kind}, {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s, {load.Failed - failed} failed operations");
        await Task.Delay(Between);
    }

    private void Look(UserLoad load)
    {
        (Operations, Failed, Failures) = (load.Operations, load.Failed, load.Failures);
        P99BeforeMs = load.MillisecondsAt(0.99, meanwhile: false);
        P99DuringMs = load.MillisecondsAt(0.99, meanwhile: true);
        LongestMs = Math.Max(load.MillisecondsAt(1, meanwhile: true), load.MillisecondsAt(1, meanwhile: false));
    }
}

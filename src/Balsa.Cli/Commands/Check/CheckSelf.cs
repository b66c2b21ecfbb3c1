using System.Diagnostics;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;
using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Trials;

namespace Balsa.Cli.Commands.Check;

/// <summary>`balsa check --self-test`: the judge against a checker that tries every order.</summary>
internal static class CheckSelf
{
    internal const string ScoreName = "judge: 1,000,000 random histories as trying every order says";
    private const int HistoriesOfTheScore = 1_000_000, MostShown = 10;

    public static int Run(Output output, ulong first, int histories, JudgeMutant mutant)
    {
        var clock = Stopwatch.StartNew();
        var trial = new JudgeTrial(mutant);
        for (var i = 0; i < histories; i++) trial.Run(first + (ulong)i);
        var seconds = clock.Elapsed.TotalSeconds;
        foreach (var seed in trial.Mismatches.Take(MostShown))
        {
            output.Message($"seed {seed} gets another verdict: balsa check --self-test --histories 1 --first {seed}");
            foreach (var line in trial.Tell(seed)) output.Message(line);
        }

        var figure = $"{trial.Histories} histories ({trial.Right} right, {trial.Wrong} wrong), {trial.Mismatches.Count} mismatches";
        output.Line($"{figure}, in {seconds:F1} s");
        output.Object(writer =>
        {
            writer.WriteNumber("histories", trial.Histories);
            writer.WriteNumber("right", trial.Right);
            writer.WriteNumber("wrong", trial.Wrong);
            writer.WriteNumber("withUnknown", trial.WithUnknown);
            writer.WriteNumber("mismatches", trial.Mismatches.Count);
            writer.WriteNumber("seconds", Math.Round(seconds, 1));
        });
        var holds = trial.Mismatches.Count == 0;
        if (histories >= HistoriesOfTheScore && mutant == JudgeMutant.None) Scoreboard.Record(ScoreName, figure, holds);
        return holds ? ExitCode.Done : ExitCode.Failed;
    }
}

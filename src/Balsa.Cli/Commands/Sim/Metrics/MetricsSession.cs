using System.Diagnostics;
using System.Runtime.InteropServices;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Sim.Metrics.Real;
using Balsa.Simulation.Metrics;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Hubs;
using Balsa.Simulation.Metrics.Reports;

namespace Balsa.Cli.Commands.Sim.Metrics;

/// <summary>Runs one experiment after the other, prints what comes out, and writes the files that were asked for.</summary>
internal sealed class MetricsSession(Output output, MetricsPlan plan, TimeSpan judgeMax)
{
    public int Run()
    {
        var results = new List<MetricsResult>();
        if (!plan.IsOne) output.Line(ReportText.HeadOfShort);
        foreach (var experiment in plan.Experiments)
        {
            var record = RunOne(experiment);
            var clock = Stopwatch.StartNew();
            var result = MetricsResult.Of(record, () => clock.Elapsed >= judgeMax);
            results.Add(result);
            if (!plan.IsOne) output.Line(ReportText.InShort(result));
        }

        if (plan.IsOne)
            foreach (var line in ReportText.Lines(results[0])) output.Line(line);
        try
        {
            var files = new MetricsFiles(plan, results);
            foreach (var path in plan.Outputs)
            {
                files.Write(path);
                output.Line($"wrote {path}");
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return output.Fail(new Problem("A report cannot be written.", problem.Message, "balsa sim metrics --help"), ExitCode.Usage);
        }

        Print(results);
        if (results.Exists(result => !result.Passed)) return ExitCode.Failed;
        return results.Exists(result => result.IsUndecided) ? ExitCode.Unknown : ExitCode.Done;
    }

    private MetricsRecord RunOne(Experiment experiment)
    {
        if (plan.IsReal) return RunReal(experiment);
        if (!experiment.IsBuiltin)
            throw new ExperimentException(
                $"The servers of {experiment.Name} run {experiment.ServerCode}, which virtual time cannot.",
                "\"raft.py\" and \"builtin\" mean this node; other programs need --real.");
        return MetricsRun.Run(experiment, plan.Mutant);
    }

    private MetricsRecord RunReal(Experiment experiment)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var cluster = new RealCluster(experiment, plan.IsTraced ? output.Message : null);
        if (!output.IsJson) output.Message($"{experiment.Name}: {experiment.Servers} processes, {experiment.Seconds} s");
        return cluster.RunAsync(stop.Token).GetAwaiter().GetResult();
    }

    /// <summary>The processes must not outlive us.</summary>
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private void Print(List<MetricsResult> results) => output.Object(json =>
    {
        if (plan.IsOne)
        {
            ReportJson.Write(json, results[0]);
            return;
        }

        json.WriteBoolean("passed", results.TrueForAll(result => result.Passed));
        json.WriteStartArray("items");
        foreach (var result in results)
        {
            json.WriteStartObject();
            ReportJson.Write(json, result);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}

using System.Diagnostics;
using Balsa.Cli.CommandLine;
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
            var clock = Stopwatch.StartNew();
            var record = RunOne(experiment);
            clock.Restart();
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
        if (!experiment.IsBuiltin)
            throw new ExperimentException(
                $"The servers of {experiment.Name} run {experiment.ServerCode}, which virtual time cannot.",
                "\"raft.py\" and \"builtin\" mean this node.");
        return MetricsRun.Run(experiment, plan.Mutant);
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

using System.CommandLine;
using Balsa.Cli.CommandLine;
using Balsa.Raft.Probes;
using Balsa.Simulation.Metrics.Experiments;

namespace Balsa.Cli.Commands.Sim.Metrics;

/// <summary>`balsa sim metrics`: the experiments of the course's simulator, and what they add up to.</summary>
internal static class SimMetricsCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var files = new Argument<string[]>("file")
        {
            Description = $"Metrics files, or names of those that come along; {ExperimentShelf.First} when there is none.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var seed = new Option<ulong?>("--seed") { Description = "Instead of the seed in the file.", HelpName = "S" };
        var matrix = new Option<bool>("--matrix") { Description = "All experiments that come along, as a table." };
        var sweeps = new Option<string[]>("--sweep")
        {
            Description = "Runs the experiment once for each value: servers=3,5,7, and also gp_ratio, loss, delay, heartbeat, election.",
            HelpName = "NAME=VALUES", AllowMultipleArgumentsPerToken = false,
        };
        var outputs = new Option<string[]>("--out")
        {
            Description = "A file for the report: .html, .csv, .json, .txt, or .jsonl for the history of one run.", HelpName = "FILE",
        };
        var mutant = new Option<string?>("--mutant") { Description = "A mistake to plant in every server.", HelpName = "NAME" };
        var limit = Duration.Option("--time-limit", "How long to judge each history.", TimeSpan.FromMinutes(1));
        var real = new Option<bool>("--real") { Description = "On real processes, each a `balsa lan`, and in real time." };
        var trace = new Option<bool>("--trace") { Description = "With --real: what the servers print." };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "metrics", "Runs an experiment of the course's simulator: servers, clients, faults, and a report in its words.",
            "balsa sim metrics", "balsa sim metrics metrics_2 --real", "balsa sim metrics metrics_2 --out report.html",
            "balsa sim metrics --matrix",
            "balsa sim metrics --sweep servers=3,5,7 --out sweep.html --out sweep.csv");
        command.Arguments.Add(files);
        foreach (var option in (ReadOnlySpan<Option>)[seed, matrix, sweeps, outputs, real, trace, mutant, limit, json])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            try
            {
                var plan = MetricsPlan.Of(
                    parsed.GetValue(files) ?? [], parsed.GetValue(matrix), parsed.GetValue(seed), parsed.GetValue(sweeps) ?? [],
                    parsed.GetValue(outputs) ?? []);
                plan = plan with
                {
                    Mutant = MutantOf(parsed.GetValue(mutant)), IsReal = parsed.GetValue(real), IsTraced = parsed.GetValue(trace),
                };
                if (plan is { IsReal: true, Mutant: not null })
                    throw new ExperimentException("--real and --mutant do not go together.", "Real servers are the ones that ship.");
                return new MetricsSession(output, plan, parsed.GetValue(limit)).Run();
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Interrupted;
            }
            catch (ExperimentException problem)
            {
                return output.Fail(new Problem(problem.Message, problem.Why, "balsa sim metrics --help"), ExitCode.Usage);
            }
        });
        return command;
    }

    private static Mutant? MutantOf(string? name)
    {
        if (name is null) return null;
        if (Enum.TryParse<Mutant>(name, out var mutant) && Enum.IsDefined(mutant)) return mutant;
        var near = string.Join(", ", NearestNames.To(name, Enum.GetNames<Mutant>()));
        throw new ExperimentException(
            $"There is no mutant {name}.", near.Length > 0 ? $"Near are {near}." : "balsa sim mutants lists them.");
    }
}

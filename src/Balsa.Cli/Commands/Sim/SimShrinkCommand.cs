using System.CommandLine;
using Balsa.Cli.CommandLine;
using Balsa.Simulation.Running;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim shrink`: the smallest run that still fails in the same way.</summary>
internal static class SimShrinkCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var seed = new Argument<ulong>("seed") { Description = "A seed that fails." };
        var request = new RequestOptions();
        var command = new CliCommand(
            "shrink", "Makes a failing seed smaller and prints the one command that repeats the result.",
            "balsa sim shrink 1105", "balsa sim shrink 1000007 --mutant VoteIgnoresLog",
            "balsa sim shrink --world full 1000041 --mutant HostReadsLocally");
        command.Arguments.Add(seed);
        command.Options.Add(json);
        request.AddTo(command);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            var wrong = request.TryMake(parsed, parsed.GetValue(seed), out var made);
            if (wrong is not null) return output.Fail(new Problem(wrong, "Nothing was run.", "balsa sim shrink --help"), ExitCode.Usage);
            return Shrink(output, made);
        });
        return command;
    }

    private static int Shrink(Output output, SimulationRequest request)
    {
        if (!SimulationRunner.Run(request).Failed)
        {
            return output.Fail(
                new Problem(
                    $"seed {request.Seed} does not fail.", "There is nothing to make smaller.",
                    $"balsa sim run {Shrinker.ArgumentsOf(request)}"),
                ExitCode.Usage);
        }
        var smallest = Shrinker.Shrink(request, step => output.Message($"still fails: {Shrinker.ArgumentsOf(step)}"));
        var result = SimulationRunner.Run(smallest);
        var replay = $"balsa sim run {Shrinker.ArgumentsOf(smallest)} --trace";
        output.Line(result.Failure);
        output.Line(replay);
        output.Object(json =>
        {
            json.WriteString("failure", result.Failure);
            json.WriteString("replay", replay);
            json.WriteNumber("events", result.Events);
            json.WriteNumber("plannedFaults", result.PlannedFaults.Count);
        });
        return ExitCode.Failed;
    }
}

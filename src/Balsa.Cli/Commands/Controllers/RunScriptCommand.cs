using System.CommandLine;
using Balsa.Adapters.Calling;
using Balsa.Adapters.Calling.Scripts;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Controllers;

/// <summary>`balsa controller run FILE`: steps, waits and expectations.</summary>
internal static class RunScriptCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ControllerCall(results, messages);
        var file = new Argument<string>("file") { Description = "Lines: NODE REQUEST ..., wait TIME, wait leader TIME, expect FIELD=VALUE." };
        var command = new CliCommand(
            "run", "Takes the steps of a file. Ends with 1 at the first that fails.", "balsa controller run samples/controller/session.txt",
            "balsa controller run session.txt --json");
        command.Arguments.Add(file);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            try
            {
                var steps = ScriptReader.Read(File.ReadAllLines(path));
                return call.Run(parsed, (session, output) => RunAsync(session, steps, path, output));
            }
            catch (ScriptException wrong)
            {
                return call.OutputOf(parsed).Fail(
                    new Problem($"line {wrong.Line} of {path}: {wrong.What}", wrong.Why, "balsa controller run --help"), ExitCode.Usage);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return call.OutputOf(parsed).Fail(
                    new Problem($"{path} cannot be read.", unreadable.Message, "balsa controller run --help"), ExitCode.Usage);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(ControllerSession session, IReadOnlyList<ScriptStep> steps, string path, Output output)
    {
        var run = new ScriptRun(session);
        var taken = 0;
        foreach (var step in steps)
        {
            var result = await run.TakeAsync(step);
            output.Line($"{(result.Problem is null ? "ok    " : "FAILED")} {step.Line,3}  {step.Text}");
            foreach (var reply in result.Replies) output.Line($"            {session.Nodes.NameOf(reply.From)}  {reply.Raw}");
            if (result.Problem is { } problem)
            {
                return output.Fail(
                    new Problem($"line {step.Line} of {path} failed: {step.Text}", $"{problem}.", "balsa controller send all STATUS"),
                    ExitCode.Failed);
            }

            taken++;
        }

        output.Line($"{taken} steps, all as expected");
        output.Object(writer =>
        {
            writer.WriteNumber("steps", taken);
            writer.WriteBoolean("passed", value: true);
        });
        return ExitCode.Done;
    }
}

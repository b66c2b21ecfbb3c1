using System.CommandLine;
using System.Diagnostics;
using Balsa.Adapters.Calling;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Controllers;

/// <summary>`balsa controller ping`: whether datagrams come and go, and how fast.</summary>
internal static class PingCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ControllerCall(results, messages);
        var node = new Argument<string>("node") { Description = "Its name." };
        var count = NumberRange.Option("--count", "How many datagrams.", 5, 1, 10_000);
        var every = Duration.Option("--every", "Between two of them.", TimeSpan.FromSeconds(1));
        var command = new CliCommand(
            "ping", "Sends datagrams with a counter that the node sends back. Ends with 3 when none came back.",
            "balsa controller ping Node2 --count 5", "balsa controller ping Node2 --every 200ms --json");
        command.Arguments.Add(node);
        call.AddOptions(command);
        command.Options.Add(count);
        command.Options.Add(every);
        command.SetAction(parsed => call.Run(parsed, (session, output) =>
            RunAsync(session, parsed.GetRequiredValue(node), parsed.GetValue(count), parsed.GetValue(every), output)));
        return command;
    }

    private static async Task<int> RunAsync(ControllerSession session, string name, int count, TimeSpan every, Output output)
    {
        if (session.Nodes.Find(name) is null) return ControllerCall.NoSuchNode(name, session, output);
        var times = new List<double>();
        for (var counter = 0; counter < count; counter++)
        {
            var began = Stopwatch.GetTimestamp();
            var replies = await session.AskAsync(name, new CallerRequest("PING") { Counter = counter });
            var took = Stopwatch.GetElapsedTime(began);
            if (replies is [{ Counter: { } echoed }])
            {
                times.Add(took.TotalMilliseconds);
                output.Line($"{name}  counter {echoed}  {took.TotalMilliseconds:0.0} ms");
            }
            else output.Line($"{name}  counter {counter}  lost");

            if (counter + 1 < count && took < every) await Task.Delay(every - took);
        }

        var lost = 100.0 * (count - times.Count) / count;
        output.Line($"{count} sent, {times.Count} came back, {lost:0} % lost"
            + (times.Count > 0 ? $", {times.Min():0.0} / {times.Average():0.0} / {times.Max():0.0} ms least / mean / most" : ""));
        output.Object(writer =>
        {
            writer.WriteNumber("sent", count);
            writer.WriteNumber("received", times.Count);
            writer.WriteNumber("lossPercent", Math.Round(lost, 1));
            if (times.Count > 0) writer.WriteNumber("meanMs", Math.Round(times.Average(), 2));
        });
        return times.Count > 0 ? ExitCode.Done : ExitCode.NotFound;
    }
}

using Balsa.Adapters.Calling;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Controllers;

/// <summary>The course's exerciser: a STORE, then a look at the nodes, then a STORE, for as long as one likes.</summary>
internal sealed class ControllerCycle(ControllerCaller caller, ControllerSession session, bool isGroup, Output output)
{
    private const string Sender = "Controller";

    internal async Task<int> RunAsync(TimeSpan first, TimeSpan every, int steps)
    {
        using var ending = new CancellationTokenSource();
        var heard = 0;
        var printing = PrintAsync(() => heard++, ending.Token);
        await Task.Delay(first);
        for (var cycle = 1; steps == 0 || cycle <= steps; cycle++)
        {
            var request = RequestOf(cycle);
            output.Line($"Sending Request: {request.ToText(Sender, isGroup ? "E" : null)}");
            if (isGroup) caller.SendToGroup("E", request);
            else foreach (var node in session.Nodes.Addresses) caller.Send(node, request);
            await Task.Delay(every);
        }

        await ending.CancelAsync();
        await printing;
        output.Object(writer =>
        {
            writer.WriteNumber("requests", steps);
            writer.WriteNumber("replies", heard);
        });
        return heard > 0 ? ExitCode.Done : output.Fail(
            new Problem("no node has answered.", $"{steps} requests were sent.", "balsa controller whois-leader"), ExitCode.NotFound);
    }

    /// <summary>Odd ones store; of the others those that three divides ask for the state, the rest for the list.</summary>
    internal static CallerRequest RequestOf(int cycle) => cycle % 2 == 1
        ? new CallerRequest("STORE") { Key = CallerRequest.ToJson($"\"Cycle{cycle}\""), Value = "\"Chicken\"" }
        : new CallerRequest(cycle % 3 != 0 ? "RETRIEVE" : "STATUS");

    private async Task PrintAsync(Action count, CancellationToken stop)
    {
        try
        {
            await foreach (var reply in caller.Heard.ReadAllAsync(stop))
            {
                count();
                output.Line($"{Sender} Received the following message: {reply.Raw}");
            }
        }
        catch (OperationCanceledException)
        {
            // The cycles are over.
        }
    }
}

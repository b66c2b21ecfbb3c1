using System.CommandLine;
using Balsa.Adapters.Calling;
using Balsa.Adapters.Calling.Scripts;
using Balsa.Adapters.Controller;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Controllers;

/// <summary>`balsa controller send`: one request and its answer.</summary>
internal static class SendCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ControllerCall(results, messages);
        var target = new Argument<string>("node") { Description = "Its name, or all, leader, follower." };
        var request = new Argument<string>("request") { Description = string.Join(' ', RequestWords.All) };
        var words = new Argument<string[]>("words")
        {
            Description = "Of STORE: KEY VALUE, each JSON or text. Of RETRIEVE: local, from=N, limit=N.", Arity = ArgumentArity.ZeroOrMore,
        };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait for an answer: nodes of other authors confirm no orders." };
        var command = new CliCommand(
            "send", "Sends one request. Ends with 0 when it was answered, 1 when it was refused, 3 when nobody answered.",
            "balsa controller send Node1 LEADER_INFO", "balsa controller send leader STORE K1 '{\"a\":1}' --timeout 2s",
            "balsa controller send all STATUS --json", "balsa controller send Node2 RETRIEVE local");
        foreach (var argument in new Argument[] { target, request, words }) command.Arguments.Add(argument);
        call.AddOptions(command);
        command.Options.Add(noWait);
        command.SetAction(parsed =>
        {
            AskStep ask;
            try
            {
                string[] line = [parsed.GetRequiredValue(target), parsed.GetRequiredValue(request), .. parsed.GetValue(words) ?? []];
                ask = ScriptReader.Ask(1, string.Join(' ', line), line);
            }
            catch (ScriptException wrong)
            {
                return call.OutputOf(parsed).Fail(new Problem(wrong.What, wrong.Why, "balsa controller send --help"), ExitCode.Usage);
            }

            return call.Run(parsed, null, (caller, session, output) => parsed.GetValue(noWait)
                ? Task.FromResult(SendOnly(caller, session, ask, output)) : AskAsync(session, ask, output));
        });
        return command;
    }

    private static int SendOnly(ControllerCaller caller, ControllerSession session, AskStep ask, Output output)
    {
        if (session.Nodes.Find(ask.Target) is not { } node) return ControllerCall.NoSuchNode(ask.Target, session, output);
        caller.Send(node, ask.Request with { WantsAck = false });
        output.Line("sent");
        output.Object(writer => writer.WriteBoolean("sent", value: true));
        return ExitCode.Done;
    }

    private static async Task<int> AskAsync(ControllerSession session, AskStep ask, Output output)
    {
        if (await session.AskAsync(ask.Target, ask.Request) is not { } replies)
            return ControllerCall.NoSuchNode(ask.Target, session, output);
        if (replies.Count == 0)
        {
            return output.Fail(
                new Problem(
                    $"{ask.Target} did not answer within {session.Timeout.TotalSeconds} s.",
                    "It does not run, does not listen there, or takes no datagrams from here; what was asked may have been done.",
                    "balsa controller whois-leader", "balsa controller ping " + session.Nodes.Names[0]),
                ExitCode.NotFound);
        }

        foreach (var reply in replies) output.Line($"{session.Nodes.NameOf(reply.From)}  {reply.Raw}");
        output.Object(writer => ReplyJson.WriteAll(writer, replies, session));
        return replies.Any(reply => reply.Success == false) ? ExitCode.Failed : ExitCode.Done;
    }
}

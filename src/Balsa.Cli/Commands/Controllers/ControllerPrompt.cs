using System.Globalization;
using Balsa.Adapters.Calling;
using Balsa.Adapters.Calling.Scripts;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Controllers;

/// <summary>
/// The prompt: each line is sent at once, and whatever comes back is printed when it comes, with who said it and when. Nobody has
/// to wait for one answer before asking for the next.
/// </summary>
internal sealed class ControllerPrompt(ControllerCaller caller, ControllerSession session, bool isGroup, Output output)
{
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);

    internal async Task<int> RunAsync(TextReader input)
    {
        output.Message($"nodes: {string.Join(' ', session.Nodes.Names)}. Write NODE REQUEST [KEY VALUE], such as Node1 LEADER_INFO; \"exit\" ends.");
        using var ending = new CancellationTokenSource();
        var printing = PrintAsync(ending.Token);
        var isTyped = !Console.IsInputRedirected;
        while (await input.ReadLineAsync() is { } line)
        {
            var text = line.Trim();
            if (text is "exit" or "quit") break;
            if (text.Length > 0 && !text.StartsWith('#')) await TakeAsync(text);
        }

        // What was asked by a script just now may still be answered.
        if (!isTyped) await Task.Delay(LastAnswers);
        await ending.CancelAsync();
        await printing;
        return ExitCode.Done;
    }

    private async Task TakeAsync(string text)
    {
        try
        {
            switch (ScriptReader.ReadStep(1, text))
            {
                case PauseStep pause: await Task.Delay(pause.Time); break;
                case AskStep ask: Send(ask); break;
                default: output.Message("error: waiting for a leader and expecting belong into a script: balsa controller run FILE"); break;
            }
        }
        catch (ScriptException wrong)
        {
            output.Message($"error: {wrong.What} {wrong.Why}");
        }
    }

    private void Send(AskStep ask)
    {
        var isAll = ask.Target.Equals(ControllerSession.All, StringComparison.OrdinalIgnoreCase) || ask.Target == "E";
        if (isGroup) caller.SendToGroup(isAll ? "E" : ask.Target, ask.Request);
        else if (isAll)
        {
            foreach (var node in session.Nodes.Addresses) caller.Send(node, ask.Request);
        }
        else if (session.Nodes.Find(ask.Target) is { } address) caller.Send(address, ask.Request);
        else output.Message($"error: there is no node {ask.Target}. There are {string.Join(", ", session.Nodes.Names)}, and all.");
    }

    private async Task PrintAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var reply in caller.Heard.ReadAllAsync(stop))
            {
                output.Line($"{reply.At.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {NameOf(reply)} {reply.Raw}");
                output.Object(writer => ReplyJson.Write(writer, reply, NameOf(reply)));
            }
        }
        catch (OperationCanceledException)
        {
            // The prompt has ended.
        }
    }

    private string NameOf(ControllerReply reply) => reply.Sender.Length > 0 ? reply.Sender : session.Nodes.NameOf(reply.From);
}

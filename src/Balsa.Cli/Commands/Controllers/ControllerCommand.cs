using System.CommandLine;
using Balsa.Adapters.Controller;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Servers;

namespace Balsa.Cli.Commands.Controllers;

/// <summary>`balsa controller`: speaks the course's protocol to nodes, ours and others.</summary>
internal static class ControllerCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ControllerCall(results, messages);
        var cycle = new Option<bool>("--cycle") { Description = "Send STORE, STATUS and RETRIEVE in turn, and print what comes back." };
        var steps = NumberRange.Option("--steps", "Of --cycle: how many requests; 0 for no end.", 0, 0, 1_000_000);
        var first = Duration.Option("--wait", "Of --cycle: how long the nodes get to elect a leader.", TimeSpan.FromSeconds(25));
        var every = Duration.Option("--every", "Of --cycle: between two requests.", TimeSpan.FromSeconds(10));
        var group = new Option<string?>("--group")
        {
            Description = "Speak and listen in a multicast group. Alone: 224.1.1.1:5555@127.0.0.1.", HelpName = "GROUP@INTERFACE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new CliCommand(
            "controller", "Asks nodes and gives them orders over UDP, as the course has it. Without a command: a prompt.",
            "balsa controller", "balsa controller send Node1 LEADER_INFO", "balsa controller run samples/controller/session.txt",
            "balsa controller --cycle --steps 6 --wait 5s --every 1s", "balsa controller whois-leader");
        call.AddOptions(command);
        foreach (var option in new Option[] { cycle, steps, first, every, group }) command.Options.Add(option);
        command.Subcommands.Add(SendCommand.Create(results, messages));
        command.Subcommands.Add(RunScriptCommand.Create(results, messages));
        command.Subcommands.Add(PingCommand.Create(results, messages));
        command.Subcommands.Add(WhoisLeaderCommand.Create(results, messages));
        command.SetAction(parsed =>
        {
            GroupOptions? chosen = null;
            if (parsed.GetResult(group) is not null)
            {
                try
                {
                    chosen = ControllerSettings.GroupOf(parsed.GetValue(group) ?? "true");
                }
                catch (SettingException wrong)
                {
                    return call.OutputOf(parsed).Fail(wrong.Problem with { Next = ["balsa controller --help"] }, ExitCode.Usage);
                }
            }

            return call.Run(parsed, chosen, (caller, session, output) => parsed.GetValue(cycle)
                ? new ControllerCycle(caller, session, chosen is not null, output)
                    .RunAsync(parsed.GetValue(first), parsed.GetValue(every), parsed.GetValue(steps))
                : new ControllerPrompt(caller, session, chosen is not null, output).RunAsync(Console.In));
        });
        return command;
    }
}

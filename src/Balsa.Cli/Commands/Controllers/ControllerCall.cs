using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Balsa.Adapters.Calling;
using Balsa.Adapters.Controller;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Servers;
using Balsa.Cli.Dev;
using Balsa.Node;

namespace Balsa.Cli.Commands.Controllers;

/// <summary>What every command of a controller needs: which nodes there are, and how it presents itself to them.</summary>
internal sealed class ControllerCall(TextWriter results, TextWriter messages)
{
    private const string NodesVariable = "BALSA_CONTROLLER_NODES";

    private readonly Option<string?> _nodes = new("--nodes")
    {
        Description = "The nodes: Node1=127.0.0.1:5555,Node2=HOST,... Default: " + NodesVariable + ", or the running dev cluster.",
        HelpName = "LIST",
    };

    private readonly Option<string> _sender = new("--as")
    {
        Description = "The sender's name.", HelpName = "NAME", DefaultValueFactory = _ => "Controller",
    };

    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Send from this address and port, and listen there. Default: any free port.", HelpName = "ADDRESS:PORT",
    };

    private readonly Option<string?> _secret = new("--secret-file")
    {
        Description = "Seal datagrams with the secret in the first line of this file.", HelpName = "FILE",
    };

    private readonly Option<TimeSpan> _timeout = Duration.Option("--timeout", "How long to wait for answers.", TimeSpan.FromSeconds(3));
    private readonly Option<bool> _json = CliCommand.JsonOption();

    public void AddOptions(Command command)
    {
        foreach (var option in new Option[] { _nodes, _sender, _listen, _secret, _timeout, _json }) command.Options.Add(option);
    }

    public Output OutputOf(ParseResult parsed) => new(results, messages, parsed.GetValue(_json));

    /// <summary>Runs something with a session; null options or a taken address end it before.</summary>
    public int Run(ParseResult parsed, Func<ControllerSession, Output, Task<int>> run) =>
        Run(parsed, null, (_, session, output) => run(session, output));

    public int Run(ParseResult parsed, GroupOptions? group, Func<ControllerCaller, ControllerSession, Output, Task<int>> run)
    {
        var output = OutputOf(parsed);
        if (NodesOf(parsed, group is not null, out var wrong) is not { } nodes) return output.Fail(wrong!, ExitCode.Usage);
        string? secret = null;
        if (parsed.GetValue(_secret) is { } path && (secret = SecretFile.Read(path, out var unreadable)) is null)
            return output.Fail(new Problem($"--secret-file {path} cannot be used.", unreadable, "balsa controller --help"), ExitCode.Usage);
        IPEndPoint? bind = null;
        if (parsed.GetValue(_listen) is { } text && !IPEndPoint.TryParse(text, out bind))
            return output.Fail(
                new Problem($"--listen \"{text}\" is no address.", "Write 127.0.0.100:5555.", "balsa controller --help"), ExitCode.Usage);
        return RunAsync(new CallerOptions { Sender = parsed.GetValue(_sender)!, Bind = bind, Secret = secret, Group = group }, nodes,
            parsed.GetValue(_timeout), output, run).GetAwaiter().GetResult();
    }

    /// <summary>What an unknown name is answered with.</summary>
    public static int NoSuchNode(string name, ControllerSession session, Output output)
    {
        var nearest = NearestNames.To(name, session.Nodes.Names).Take(2).ToList();
        return output.Fail(
            new Problem($"there is no node {name}.",
                $"There are {string.Join(", ", session.Nodes.Names)}; all, leader and follower stand for some.",
                nearest.Count > 0 ? $"balsa controller send {nearest[0]} LEADER_INFO" : "balsa controller send all LEADER_INFO"),
            ExitCode.Usage);
    }

    private static async Task<int> RunAsync(
        CallerOptions options, CalledNodes nodes, TimeSpan timeout, Output output,
        Func<ControllerCaller, ControllerSession, Output, Task<int>> run)
    {
        try
        {
            await using var caller = new ControllerCaller(options);
            return await run(caller, new ControllerSession(caller, nodes, timeout), output);
        }
        catch (SocketException taken)
        {
            return output.Fail(
                new Problem($"the controller cannot use {options.Bind?.ToString() ?? "the network"}.", taken.Message,
                    "leave out --listen, or choose another address"),
                ExitCode.Failed);
        }
        catch (NodeStartException unreachable)
        {
            return output.Fail(new Problem(unreachable.What, unreachable.Why, unreachable.Next), ExitCode.Failed);
        }
    }

    /// <param name="isGroup">A group reaches whoever is in it, so no list is needed.</param>
    private CalledNodes? NodesOf(ParseResult parsed, bool isGroup, out Problem? wrong)
    {
        wrong = null;
        var list = parsed.GetValue(_nodes) ?? Environment.GetEnvironmentVariable(NodesVariable);
        if (string.IsNullOrEmpty(list) && DevContext.ReadHeld() is { } dev)
            list = string.Join(',', dev.Nodes.Where(node => node.Controller is not null).Select(node => $"{node.Name}={node.Controller}"));
        if (string.IsNullOrEmpty(list) && isGroup) list = "E=127.0.0.1";
        if (string.IsNullOrEmpty(list))
        {
            wrong = new Problem("no nodes are known.", "No list was given, and no dev cluster with a controller port runs here.",
                "balsa dev --nodes 5 --controller", "balsa controller --nodes Node1=127.0.0.1:5555,Node2=127.0.0.2:5555");
            return null;
        }

        if (CalledNodes.TryParse(list, out var problem) is { } nodes) return nodes;
        wrong = new Problem($"the list of nodes \"{list}\" cannot be understood.", problem,
            "balsa controller --nodes Node1=127.0.0.1:5555,Node2=127.0.0.2:5555");
        return null;
    }
}

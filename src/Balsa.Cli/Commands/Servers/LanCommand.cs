using System.CommandLine;
using Balsa.Adapters.Lan;
using Balsa.Cli.CommandLine;
using Balsa.Node;

namespace Balsa.Cli.Commands.Servers;

/// <summary>`balsa lan PORT ID OTHERS...`: one server on the LAN of a course's simulator, in the foreground.</summary>
internal static class LanCommand
{
    private const int PoolThreadsMin = 8;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var port = new Argument<int>("port") { Description = "The UDP port of the simulator for this server." };
        var own = new Argument<string>("id") { Description = "What this server is called: a hexadecimal number." };
        var others = new Argument<string[]>("others")
        {
            Description = "What the other servers are called.", Arity = ArgumentArity.ZeroOrMore,
        };
        var directory = new Option<string?>("--data-dir")
        {
            Description = "Where its log is; a temporary folder when there is none.", HelpName = "DIR",
        };
        var heartbeat = Milliseconds("--heartbeat-interval", 50);
        var election = Milliseconds("--election-timeout", 300);
        var types = new Option<bool>("--types") { Description = "Speak of src, dst, type and MID, as the older course does." };
        var stopWithParent = new Option<bool>("--stop-with-parent") { Description = "Stop when standard input ends.", Hidden = true };
        var command = new CliCommand(
            "lan", "Runs one server on the LAN of a course's simulator: get and put in datagrams through its hub.",
            "balsa lan 5001 0000 0001 0002 0003 0004", "balsa lan 5002 0001 0000 0002 --data-dir /var/lib/balsa/0001");
        foreach (var argument in (ReadOnlySpan<Argument>)[port, own, others]) command.Arguments.Add(argument);
        foreach (var option in (ReadOnlySpan<Option>)[directory, heartbeat, election, types, stopWithParent]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, json: false);
            try
            {
                var (name, servers) = LanOptions.NamesOf(parsed.GetRequiredValue(own), parsed.GetValue(others) ?? []);
                Check(parsed.GetValue(port), parsed.GetValue(heartbeat), parsed.GetValue(election));
                using var data = new LanDirectory(parsed.GetValue(directory));
                var options = new LanOptions
                {
                    HubPort = parsed.GetValue(port), Name = name, Servers = servers, DataDirectory = data.Path,
                    HeartbeatInterval = TimeSpan.FromMilliseconds(parsed.GetValue(heartbeat)),
                    ElectionTimeout = TimeSpan.FromMilliseconds(parsed.GetValue(election)),
                    Form = parsed.GetValue(types) ? LanForm.Types : LanForm.Categories,
                };
                return RunAsync(options, parsed.GetValue(stopWithParent), output).GetAwaiter().GetResult();
            }
            catch (NodeStartException problem)
            {
                return output.Fail(new Problem(problem.What, problem.Why, problem.Next), ExitCode.Usage);
            }
        });
        return command;
    }

    private static Option<double> Milliseconds(string name, double otherwise) =>
        new(name) { Description = "Milliseconds.", HelpName = "MS", DefaultValueFactory = _ => otherwise };

    private static void Check(int port, double heartbeat, double election)
    {
        if (port is < 1 or > 65_535)
            throw new NodeStartException($"{port} is no port.", "Ports are numbers from 1 to 65535.", "balsa lan 5001 0000 0001 0002");
        if (heartbeat < 1 || election < 2 * heartbeat)
            throw new NodeStartException(
                "The election timeout must be at least twice the heartbeat interval, which is at least 1 ms.",
                "Servers that wait for less take every late heartbeat for a dead leader.", "balsa lan --help");
    }

    private static async Task<int> RunAsync(LanOptions options, bool stopWithParent, Output output)
    {
        using var stop = new StopRequest();
        ThreadPool.SetMinThreads(PoolThreadsMin, PoolThreadsMin);
        if (stopWithParent) stop.FollowParent();
        await using (var server = LanServer.Start(options, output.Message, Die))
        {
            output.Message($"{options.Name} of {string.Join(' ', options.Servers)} speaks to the hub at port {options.HubPort}");
            await stop.WaitAsync();
        }

        return ExitCode.Done;

        // At once and without success: after a storage error or a broken rule nothing more may leave this process.
        void Die(Exception problem)
        {
            output.Message($"error: the server stops: {problem.Message}");
            Environment.Exit(ExitCode.Failed);
        }
    }
}

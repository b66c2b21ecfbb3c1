using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Balsa.Adapters.Raftkv;
using Balsa.Adapters.Raftkv.FrontEnds;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;
using Balsa.Grpc.Client;
using Balsa.Grpc.Server;
using Balsa.Protocol.Raftkv;
using Balsa.Server.Ports;

namespace Balsa.Cli.Commands.Raftkv;

/// <summary>`balsa frontend`: the course's way in. It starts servers when it is asked to, and ends them when it ends.</summary>
internal static class FrontendCommand
{
    public const int PortByDefault = 8001;
    private const int PoolThreadsMin = 8;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var port = NumberRange.Option("--port", "Where clients call.", PortByDefault, 1, 65_535);
        var listen = new Option<string>("--listen")
        {
            Description = "The address of the port; 0.0.0.0 is all of the machine. Servers stay on loopback.", HelpName = "ADDRESS",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        listen.Validators.Add(given =>
        {
            if (given.Tokens.Count == 1 && !IPAddress.TryParse(given.Tokens[0].Value, out _))
                given.AddError($"\"{given.Tokens[0].Value}\" is no IP address of this machine.");
        });
        var (basePort, sources, heartbeat, election) = (
            RaftkvFlags.BasePort(), RaftkvFlags.SourcePorts(), RaftkvFlags.Heartbeat(), RaftkvFlags.Election());
        var forwarding = RaftkvFlags.Forwarding();
        var directory = new Option<string>("--data-dir")
        {
            Description = "Where it keeps servers.json and its like, and its servers their data.", HelpName = "DIR",
            DefaultValueFactory = _ => "frontend.balsa",
        };
        var stopWithParent = new Option<bool>("--stop-with-parent") { Description = "Stop when standard input ends.", Hidden = true };
        var command = new CliCommand(
            "frontend", "Serves gRPC raftkv.FrontEnd of CS 380D: StartRaft starts servers as processes raftserver1.., Get Put "
            + "Replace go to the one that leads.",
            "balsa frontend", "balsa frontend --port 8001 --data-dir ./course");
        foreach (var option in new Option[] { port, listen, basePort, sources, directory, forwarding, heartbeat, election, stopWithParent })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, json: false);
            var (beat, timeout) = (parsed.GetValue(heartbeat), parsed.GetValue(election));
            if (RaftkvFlags.WhyNot(beat, timeout) is { } wrong) return output.Fail(wrong, ExitCode.Usage);
            List<string> flags = ["--heartbeat-ms", Text(beat), "--election-timeout-ms", Text(timeout)];
            if (parsed.GetValue(forwarding)) flags.Add("--no-forwarding");
            var options = new FrontEndOptions
            {
                Directory = Path.GetFullPath(parsed.GetRequiredValue(directory)), BasePort = parsed.GetValue(basePort),
                SourcePorts = RaftkvFlags.RuleOf(parsed.GetRequiredValue(sources)),
                Program = [Environment.ProcessPath!, .. SelfCommand.Words],
                ServerFlags = flags, Note = line => output.Message(
                    $"{DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {line}"),
            };
            var address = new IPEndPoint(IPAddress.Parse(parsed.GetRequiredValue(listen)), parsed.GetValue(port));
            return RunAsync(address, options, parsed.GetValue(stopWithParent), output, results).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> RunAsync(
        IPEndPoint address, FrontEndOptions options, bool stopWithParent, Output output, TextWriter results)
    {
        using var stop = new StopRequest();
        if (stopWithParent) stop.FollowParent();
        ThreadPool.SetMinThreads(PoolThreadsMin, PoolThreadsMin);
        try
        {
            await using var frontEnd = new FrontEnd(options);
            var services = new ServiceTable();
            frontEnd.AddTo(services);
            await using var port = new GrpcPort(address, services, options.Note);
            port.Start();
            await AnswerOnceAsync(port.Address);
            foreach (var method in services.Methods) options.Note($"serves {method.Service}/{method.Name}");
            results.WriteLine($"ready to serve client requests on {port.Address}");
            await results.FlushAsync();
            await stop.WaitAsync();
            options.Note("stopping, and with it all servers");
            return ExitCode.Done;
        }
        catch (SocketException taken)
        {
            return output.Fail(
                new Problem($"the front end cannot listen on {address}.", taken.Message, $"balsa frontend --port {address.Port + 1}"),
                ExitCode.Failed);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return output.Fail(
                new Problem($"{options.Directory} cannot be used.", problem.Message, "balsa frontend --data-dir ANOTHER_DIRECTORY"),
                ExitCode.Failed);
        }
    }

    /// <summary>
    /// Who waits for the line that says ready may call at once and give the course's second for it: so the way through is taken once
    /// before, and its code is there.
    /// </summary>
    private static async Task AnswerOnceAsync(IPEndPoint port)
    {
        var isAny = port.Address.Equals(IPAddress.Any) || port.Address.Equals(IPAddress.IPv6Any);
        using var channel = new GrpcChannel(new Uri($"http://{new IPEndPoint(isAny ? IPAddress.Loopback : port.Address, port.Port)}"));
        await channel.CallAsync(RaftkvMethods.FrontEndGet, new GetKey { Key = "ready" });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

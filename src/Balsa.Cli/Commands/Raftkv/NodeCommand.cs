using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Balsa.Adapters.Nodes;
using Balsa.Adapters.Raftkv;
using Balsa.Adapters.Raftkv.Servers;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Cluster;
using Balsa.Node.Founding;
using Balsa.Server;
using Balsa.Server.Logs;
using Balsa.Storage.Wal;
using Balsa.Transport.Tcp;

namespace Balsa.Cli.Commands.Raftkv;

/// <summary>`balsa node raftserver3`: one server of CS 380D, a node like any other with the course's services in front.</summary>
internal static class NodeCommand
{
    private const string Word = "raftserver";

    /// <summary>Several servers share one disk, and few write much.</summary>
    private const int SegmentBytes = 8 << 20;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var server = new Argument<string>("server") { Description = "raftserver1 to raftserver9: what the process can be found by." };
        server.Validators.Add(given =>
        {
            if (NumberIn(given.Tokens[0].Value) == 0)
                given.AddError($"\"{given.Tokens[0].Value}\" is no server. Write raftserver1 to raftserver{RaftkvPorts.ServersMax}.");
        });
        var size = NumberRange.Option("--size", "With how many servers the cluster was started.", 5, 1, RaftkvPorts.ServersMax);
        var (basePort, sources, heartbeat, election) = (
            RaftkvFlags.BasePort(), RaftkvFlags.SourcePorts(), RaftkvFlags.Heartbeat(), RaftkvFlags.Election());
        var forwarding = RaftkvFlags.Forwarding();
        var data = new Option<string?>("--data-dir") { Description = "Where it keeps its data. Default: serverN.balsa.", HelpName = "DIR" };
        var logs = new Option<string?>("--dir")
        {
            Description = "Write what it says into raftserverN_output.log and raftserverN_error.log here, not to the terminal.",
            HelpName = "DIR",
        };
        var token = new Option<string>("--token")
        {
            Description = "Tells two clusters on the same ports apart while they are founded.", HelpName = "TEXT",
            DefaultValueFactory = _ => "raftkv",
        };
        var join = new Option<bool>("--join") { Description = "Found no cluster, only join the one that has a place for it." };
        var stopWithParent = new Option<bool>("--stop-with-parent") { Description = "Stop when standard input ends.", Hidden = true };
        var command = new CliCommand(
            "node",
            "Runs one server of CS 380D: gRPC raftkv.KeyValueStore and raftkv.RaftNode on port 9000+N. `balsa frontend` starts them.",
            "balsa node raftserver1 --size 3", "balsa node raftserver6 --size 5 --join --data-dir ./six");
        command.Arguments.Add(server);
        Option[] options = [size, basePort, sources, data, logs, token, join, forwarding, heartbeat, election, stopWithParent];
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var number = NumberIn(parsed.GetRequiredValue(server));
            var output = new Output(results, messages, json: false);
            var (beat, timeout) = (parsed.GetValue(heartbeat), parsed.GetValue(election));
            if (RaftkvFlags.WhyNot(beat, timeout) is { } wrong) return output.Fail(wrong, ExitCode.Usage);
            using var said = ServerLogs.Open(parsed.GetValue(logs), number, results, messages);
            var ports = new RaftkvPorts(
                parsed.GetValue(basePort), parsed.GetValue(size), RaftkvFlags.RuleOf(parsed.GetRequiredValue(sources)));
            var options = OptionsOf(number, ports, parsed.GetRequiredValue(token), parsed.GetValue(join)) with
            {
                DataDirectory = parsed.GetValue(data) ?? $"{RaftkvPorts.NameOf(number)}.balsa",
                HeartbeatInterval = TimeSpan.FromMilliseconds(beat), ElectionTimeout = TimeSpan.FromMilliseconds(timeout),
            };
            var dialect = new RaftkvOptions { Forwards = !parsed.GetValue(forwarding) };
            return Run(number, options, dialect, parsed.GetValue(stopWithParent), said);
        });
        return command;
    }

    private static int Run(int number, NodeOptions options, RaftkvOptions dialect, bool stopWithParent, ServerLogs said)
    {
        NameProcess(number);
        var services = new RaftkvServer(dialect);
        using var log = new NodeLog(
            new LogSettings(RaftkvPorts.NameOf(number), LogLevel.Info, AsJson: false, ["stderr"]), said.Results, said.Messages);
        var output = new Output(said.Results, said.Messages, json: false);
        var code = ServerCommand.RunAsync(
            options with { MoreServices = services.AddTo }, controller: null, stopWithParent, output, log, said.Results, Serve)
            .GetAwaiter().GetResult();
        if (code == ExitCode.Done) said.Results.WriteLine($"Node {RaftkvPorts.NameOf(number)} successfully shut down");
        return code;

        void Serve(ServerNode node, MemberNodeOptions course) =>
            services.Serve(new MemberNode(node.Member, node.Views, new ForcedElections(node.Member), course));
    }

    /// <summary>Links are found dead and dialled again within a second or so, because the course cuts them for seconds only.</summary>
    private static NodeOptions OptionsOf(int number, RaftkvPorts ports, string token, bool joins)
    {
        var peers = Enumerable.Range(1, Math.Max(ports.Size, number)).Select(one => $"{RaftkvPorts.NameOf(one)}={ports.UrlOf(one)}");
        return new NodeOptions
        {
            Founding = new FoundingOptions
            {
                Name = RaftkvPorts.NameOf(number), PeerUrls = ports.UrlOf(number), ClientUrls = ports.UrlOf(number),
                Peers = FoundingPeers.TryParse(string.Join(',', peers), out _)!, Token = token, MayFound = !joins,
            },
            DataDirectory = "", ListenPeer = ports.AddressOf(number), ListenClient = ports.AddressOf(number),
            Wal = new WalOptions { SegmentBytes = SegmentBytes },
            PeerLinks = usual => usual with
            {
                SourceOf = (_, purpose, target) => ports.SourceOf(number, purpose, target),
                PingInterval = TimeSpan.FromMilliseconds(250), DeadAfter = TimeSpan.FromSeconds(1),
                ConnectTimeout = TimeSpan.FromMilliseconds(300), HelloTimeout = TimeSpan.FromMilliseconds(500),
                BackoffMax = TimeSpan.FromMilliseconds(200),
            },
        };
    }

    /// <summary>0 when it is no name of a server.</summary>
    private static int NumberIn(string text) =>
        text.StartsWith(Word, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(Word.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is >= 1 and <= RaftkvPorts.ServersMax && text == $"{Word}{number}" ? number : 0;

    /// <summary>The short name, which `ps -o comm` and `pkill` without -f look at.</summary>
    private static void NameProcess(int number)
    {
        try
        {
            if (OperatingSystem.IsLinux()) File.WriteAllText("/proc/self/comm", $"{Word}{number}");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The command line names it, too.
        }
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Balsa.Adapters;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Nodes;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Servers;
using Balsa.Node;
using Balsa.Server;
using Balsa.Server.Logs;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa server`: one node, in the foreground.</summary>
internal static class ServerCommand
{
    /// <summary>The pool grows by one thread in half a second, longer than an election takes; so it starts with enough.</summary>
    private const int PoolThreadsMin = 8;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var sources = new SettingSources();
        var stopWithParent = new Option<bool>("--stop-with-parent") { Description = "Stop when standard input ends.", Hidden = true };
        var command = new CliCommand(
            "server", "Runs one node of a cluster. `balsa dev` starts a whole one.",
            "balsa server --name n1 --listen-peer-urls http://10.0.0.1:2380 --listen-client-urls http://10.0.0.1:2379 "
            + "--initial-cluster n1=http://10.0.0.1:2380,n2=http://10.0.0.2:2380,n3=http://10.0.0.3:2380",
            "balsa server --config-file /etc/balsa/n1.yml", "balsa server");
        sources.AddTo(command);
        command.Options.Add(stopWithParent);
        var allowFaults = new Option<bool>("--allow-faults")
        {
            Description = "Let clients cut this node off from the others (balsa fault isolate). For trials only.", Hidden = true,
        };
        command.Options.Add(allowFaults);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, json: false);
            try
            {
                var values = sources.Collect(parsed, Environment.GetEnvironmentVariable);
                var settings = new NodeSettings(values);
                var options = settings.Read() with { AllowFaults = parsed.GetValue(allowFaults) };
                var controller = new ControllerSettings(values).Read();
                using var log = OpenLog(settings.Log(), results, messages);
                return RunAsync(options, controller, parsed.GetValue(stopWithParent), output, log, results).GetAwaiter().GetResult();
            }
            catch (SettingException wrong)
            {
                return output.Fail(wrong.Problem, ExitCode.Usage);
            }
        });
        return command;
    }

    internal static NodeLog OpenLog(LogSettings settings, TextWriter results, TextWriter messages)
    {
        try
        {
            return new NodeLog(settings, results, messages);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"--{SettingTable.LogOutputs} cannot be used.", problem.Message);
        }
    }

    /// <param name="serve">Begins to serve another protocol, as soon as there is a node.</param>
    internal static async Task<int> RunAsync(
        NodeOptions options, ControllerOptions? controller, bool stopWithParent, Output output, NodeLog log, TextWriter results,
        Action<ServerNode, MemberNodeOptions>? serve = null)
    {
        using var stop = new StopRequest();
        if (stopWithParent) stop.FollowParent();
        ThreadPool.SetMinThreads(PoolThreadsMin, PoolThreadsMin);
        ServerNode node;
        CourseAdapters adapters;
        try
        {
            adapters = CourseAdapters.Open(controller);
            node = await ServerNode.StartAsync(options, log.Note, Die, stop.Token);
        }
        catch (NodeStartException problem)
        {
            return output.Fail(new Problem(problem.What, problem.Why, problem.Next), ExitCode.Failed);
        }
        catch (OperationCanceledException) when (stop.IsMade)
        {
            log.Note("stopped before there was a cluster; nothing is lost");
            return ExitCode.Done;
        }

        var dialect = new MemberNodeOptions
        {
            Name = options.Founding.Name, ElectionTimeout = options.ElectionTimeout, HeartbeatInterval = options.HeartbeatInterval,
            EntryBytesMax = node.EntryBytesMax, HasRoomFor = (kind, entry) => node.HasRoomFor(kind, entry), ShutDown = stop.Make,
            Note = log.Note,
        };
        adapters.Serve(node.Member, node.Views, dialect);
        serve?.Invoke(node, dialect);
        log.Ready($"ready to serve client requests on {options.ListenClient}", results);
        await Task.WhenAny(node.Removed, stop.WaitAsync());
        // Whoever was removed while it led has to tell the others that it is so.
        if (node.Removed.IsCompleted) await Task.Delay(2 * options.ElectionTimeout);
        log.Note("stopping");
        await adapters.DisposeAsync();
        return await EndAsync(node, output) ?? (node.Removed.IsCompleted ? SayRemoved(options, output) : ExitCode.Done);

        // At once and without success: after a storage error or a broken rule nothing more may leave this process.
        void Die(Exception problem)
        {
            log.Note($"error: the node stops: {problem.Message}");
            Environment.Exit(ExitCode.Failed);
        }
    }

    /// <summary>Null when it ended in time.</summary>
    private static async Task<int?> EndAsync(ServerNode node, Output output)
    {
        try
        {
            await node.DisposeAsync().AsTask().WaitAsync(LongestStop);
            return null;
        }
        catch (TimeoutException)
        {
            return output.Fail(
                new Problem("the node did not stop in time.", $"Something was still under way after {LongestStop.TotalSeconds} s.",
                    "start it again: it recovers as after a crash"),
                ExitCode.Failed);
        }
    }

    private static int SayRemoved(NodeOptions options, Output output) => output.Fail(
        new Problem(
            $"{options.Founding.Name} was removed from its cluster and has stopped.",
            $"The other members have agreed on it, so {options.DataDirectory} is of no more use to them.",
            $"to come back as a new member: remove {options.DataDirectory}, then balsa member add {options.Founding.Name}"),
        ExitCode.Failed);
}

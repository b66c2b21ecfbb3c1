using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Balsa.Cli.CommandLine;
using Balsa.Node;
using Balsa.Raft.Identity;
using Balsa.Server;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa server`: one node, in the foreground.</summary>
internal static class ServerCommand
{
    /// <summary>The pool grows by one thread in half a second, longer than an election takes; so it starts with enough.</summary>
    private const int PoolThreadsMin = 8;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var flags = new ServerFlags();
        var command = new CliCommand(
            "server", "Runs one node of a cluster. `balsa dev` starts a whole one.",
            "balsa server --id 1 --cluster c0ffee --data-dir /var/lib/balsa --listen-peer 127.0.0.1:2380 --listen-client 127.0.0.1:2379 "
            + "--members n1=1:a1@127.0.0.1:2380/127.0.0.1:2379");
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, json: false);
            if (flags.Problem(parsed) is { } problem) return output.Fail(problem, ExitCode.Usage);
            return RunAsync(flags.Read(parsed), parsed.GetValue(flags.StopWithParent), output, results).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> RunAsync(NodeOptions options, bool stopWithParent, Output output, TextWriter results)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        // A read of standard input blocks its thread, and a pool of two threads that loses one makes heartbeats late.
        if (stopWithParent) new Thread(() => WaitForEndOfInput(stop)) { IsBackground = true, Name = "parent" }.Start();
        ThreadPool.SetMinThreads(PoolThreadsMin, PoolThreadsMin);
        ServerNode node;
        try
        {
            node = ServerNode.Start(options, Note, Die);
        }
        catch (NodeStartException problem)
        {
            return output.Fail(new Problem(problem.What, problem.Why, problem.Next), ExitCode.Failed);
        }

        results.WriteLine($"ready to serve client requests on {options.ListenClient}");
        await results.FlushAsync();
        await stop.Task;
        Note("stopping");
        try
        {
            await node.DisposeAsync().AsTask().WaitAsync(LongestStop);
        }
        catch (TimeoutException)
        {
            return output.Fail(
                new Problem("the node did not stop in time.", $"Something was still under way after {LongestStop.TotalSeconds} s.",
                    "start it again: it recovers as after a crash"),
                ExitCode.Failed);
        }

        return ExitCode.Done;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }

        void Note(string line) =>
            output.Message($"{DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {options.Self?.Name} {line}");
    }

    /// <summary>At once and without success: after a storage error or a broken rule nothing more may leave this process.</summary>
    private static void Die(Exception problem)
    {
        Console.Error.WriteLine($"error: the node stops: {problem.Message}");
        Console.Error.Flush();
        Environment.Exit(ExitCode.Failed);
    }

    /// <summary>The parent holds the other end of standard input; when it is gone, however it died, so are we.</summary>
    private static void WaitForEndOfInput(TaskCompletionSource stop)
    {
        try
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
                // What the parent writes means nothing; only the end does.
            }
        }
        catch (IOException)
        {
            // A pipe that broke is a parent that is gone.
        }

        stop.TrySetResult();
    }
}

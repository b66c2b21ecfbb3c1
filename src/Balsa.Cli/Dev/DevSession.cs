using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Cluster;

namespace Balsa.Cli.Dev;

/// <summary>A dev cluster from its start to its end, in the process that holds it.</summary>
internal sealed class DevSession(DevPlan plan, Output output, TextWriter results, bool interactive)
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<int> RunAsync()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        // A detached cluster outlives its terminal; an attached one is stopped properly when the terminal closes.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => HangUp(signal));
        await using var cluster = new DevCluster(plan);
        try
        {
            return await ServeAsync(cluster);
        }
        catch (DevException problem)
        {
            return output.Fail(problem.Problem, ExitCode.Failed);
        }
    }

    /// <summary>Set for a cluster that was started with --detach.</summary>
    public bool SurvivesTerminal { get; init; }

    private async Task<int> ServeAsync(DevCluster cluster)
    {
        var started = Stopwatch.GetTimestamp();
        await cluster.StartAsync();
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await using var control = new DevControl(token, request => HandleAsync(cluster, request));
        var nodes = plan.Members.Select(member =>
            new DevNodeContext(member.Name, member.Id, member.Peer.ToString(), member.Client.ToString()));
        var context = new DevContext(Environment.ProcessId, control.Port, token, plan.DataDirectory, plan.IsTemporary, [.. nodes]);
        var leader = await cluster.WaitForLeaderAsync();
        context.Write();
        try
        {
            Announce(cluster, leader.Name, leader.Term, Stopwatch.GetElapsedTime(started));
            await results.FlushAsync();
            if (interactive) new Thread(() => ReadKeys(cluster)) { IsBackground = true, Name = "keys" }.Start();
            await _stop.Task;
            return ExitCode.Done;
        }
        finally
        {
            context.Remove();
        }
    }

    private void Announce(DevCluster cluster, string leader, ulong term, TimeSpan took)
    {
        var fate = plan.IsTemporary ? ", gone on exit (--data-dir DIR keeps it)" : "";
        output.Line($"balsa dev · {cluster.Nodes.Count} processes · data in {plan.DataDirectory}{fate}");
        output.Line();
        foreach (var node in cluster.Nodes)
            output.Line($"  ✓ {node.Address.Name}  client {node.Address.Client}  peer {node.Address.Peer}  pid {node.Pid}");
        output.Line($"  ★ {leader} leads term {term}, {took.TotalMilliseconds:0} ms after the start");
        output.Line();
        output.Line("  another terminal:  balsa put hello world    balsa get hello    balsa status    balsa fault kill leader");
        if (interactive) output.Line("  k kill leader   r restart all   s status   q quit");
        output.Object(writer =>
        {
            writer.WriteNumber("pid", Environment.ProcessId);
            writer.WriteString("dataDir", plan.DataDirectory);
            writer.WriteString("leader", leader);
            writer.WriteStartArray("nodes");
            foreach (var node in cluster.Nodes)
            {
                writer.WriteStartObject();
                writer.WriteString("name", node.Address.Name);
                writer.WriteString("client", node.Address.Client.ToString());
                writer.WriteString("peer", node.Address.Peer.ToString());
                writer.WriteNumber("pid", node.Pid ?? 0);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private async Task<DevResponse> HandleAsync(DevCluster cluster, DevRequest request)
    {
        switch (request.Op)
        {
            case "ping": return new DevResponse(Done: true, "here");
            case "kill": return Say(await cluster.KillAsync(request.Node));
            case "restart": return Say(await cluster.RestartAsync(request.Node));
            case "stop":
                _stop.TrySetResult();
                return new DevResponse(Done: true, "stopping");
            default: return new DevResponse(Done: false, $"there is no operation {request.Op}");
        }
    }

    private void ReadKeys(DevCluster cluster)
    {
        while (!_stop.Task.IsCompleted)
        {
            switch (char.ToLowerInvariant(Console.ReadKey(intercept: true).KeyChar))
            {
                case 'k': Say(cluster.KillAsync("leader").GetAwaiter().GetResult()); break;
                case 'r': Say(cluster.RestartAsync("all").GetAwaiter().GetResult()); break;
                case 's': StatusCommand.Print(output, cluster.LookAsync().GetAwaiter().GetResult()); break;
                case 'q': _stop.TrySetResult(); break;
            }
        }
    }

    private DevResponse Say(DevResponse response)
    {
        var time = DateTime.Now.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        output.Line($"  {time}  {(response.Done ? "✓" : "✕")} {response.Message}");
        return response;
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.TrySetResult();
    }

    private void HangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (!SurvivesTerminal) _stop.TrySetResult();
    }
}

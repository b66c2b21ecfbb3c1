using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev.Faults;
using Balsa.Cli.Dev.Prompt;

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

    /// <summary>Whether the built-in load runs from the start.</summary>
    public bool HasLoad { get; init; }

    private async Task<int> ServeAsync(DevCluster cluster)
    {
        var screen = new DevScreen(plan, output, results);
        foreach (var node in cluster.Nodes) node.Said = line => screen.Hear(node, line);
        screen.AnnounceStart();
        await cluster.StartAsync();
        var leader = await cluster.WaitForLeaderAsync();
        var led = Stopwatch.GetElapsedTime(cluster.Nodes.Max(node => node.StartedAt));
        await using var load = new DevLoad(cluster.Endpoints);
        using var faults = new DevFaults(cluster, load, screen.Say);
        var prompt = new DevPrompt(cluster, faults, load, screen, () => _stop.TrySetResult());
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await using var control = new DevControl(token, prompt.HandleAsync);
        var nodes = plan.Members.Select(member =>
            new DevNodeContext(
                member.Name, member.Id, member.Peer.ToString(), member.Client.ToString(), plan.ControllerOf(member)?.ToString()));
        var context = new DevContext(Environment.ProcessId, control.Port, token, plan.DataDirectory, plan.IsTemporary, [.. nodes]);
        context.Write();
        try
        {
            screen.AnnounceReady(cluster, leader, led, interactive);
            screen.WriteReady(cluster, leader, led);
            screen.ShowsEvents = true;
            if (HasLoad) load.Start();
            if (interactive) new Thread(prompt.ReadKeys) { IsBackground = true, Name = "keys" }.Start();
            await _stop.Task;
            screen.ShowsEvents = false;
            return ExitCode.Done;
        }
        finally
        {
            context.Remove();
        }
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

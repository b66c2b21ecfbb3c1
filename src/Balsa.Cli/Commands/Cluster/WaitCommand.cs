using System.CommandLine;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa wait`: returns when the cluster is as a script needs it.</summary>
internal static class WaitCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages, TimeSpan.FromSeconds(30));
        var healthy = new Option<bool>("--healthy") { Description = "Until every member is up and follows one leader." };
        var leader = new Option<bool>("--leader") { Description = "Until writes work." };
        var revision = new Option<long?>("--revision")
        {
            Description = "Until every member that answers, and a majority at least, has applied this revision.", HelpName = "N",
        };
        NumberRange.AtLeast(revision, 1);
        var key = new Option<string?>("--key") { Description = "Until the key is there, or has this value.", HelpName = "K[=V]" };
        var command = new CliCommand(
            "wait", "Waits until the cluster is as wanted: exit code 0, or 4 when time is over.", "balsa wait --leader --timeout 10s",
            "balsa wait --healthy", "balsa wait --revision 811", "balsa wait --key jobs/1=done");
        foreach (var option in (Option[])[healthy, leader, revision, key]) command.Options.Add(option);
        command.Validators.Add(given =>
        {
            if (!given.GetValue(healthy) && !given.GetValue(leader) && given.GetValue(revision) is null && given.GetValue(key) is null)
                given.AddError("It must be told what to wait for: --healthy, --leader, --revision N or --key K[=V].");
        });
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var wanted = new WaitConditions(
                parsed.GetValue(healthy), parsed.GetValue(leader), parsed.GetValue(revision), parsed.GetValue(key));
            var output = call.OutputOf(parsed);
            if (call.EndpointsOf(parsed) is not { } endpoints) return ClientCall.BadEndpoints(output);
            return RunAsync(output, endpoints, wanted, call.TimeoutOf(parsed)).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> RunAsync(
        Output output, IReadOnlyList<System.Net.IPEndPoint> endpoints, WaitConditions wanted, TimeSpan limit)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            var view = await ClusterView.LookAsync(endpoints, TimeSpan.FromSeconds(1));
            var missing = await wanted.MissingAsync(view, endpoints);
            var waited = System.Diagnostics.Stopwatch.GetElapsedTime(started);
            if (missing is null) return Print(output, view, waited);
            if (waited >= limit) return GiveUp(output, endpoints, view, missing, limit, wanted);
            await Task.Delay(Pause);
        }
    }

    private static int Print(Output output, ClusterView view, TimeSpan waited)
    {
        output.Line(StatusPage.Sentence(view));
        output.Object(writer =>
        {
            StatusJson.Write(writer, view);
            writer.WriteNumber("waitedMs", Math.Round(waited.TotalMilliseconds));
        });
        return ExitCode.Done;
    }

    private static int GiveUp(
        Output output, IReadOnlyList<System.Net.IPEndPoint> endpoints, ClusterView view, string missing, TimeSpan limit,
        WaitConditions wanted)
    {
        if (view.Members.Count == 0) return StatusCommand.Unreachable(output, endpoints);
        var isOnlyDegraded = wanted.Healthy && view.Health == "degraded";
        return output.Fail(
            new Problem($"not as wanted within {limit.TotalSeconds:0.###} s.", missing, "balsa status", "balsa wait --help")
            {
                Code = "E0108",
            },
            isOnlyDegraded ? ExitCode.Degraded : ExitCode.NoQuorum);
    }
}

using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa status`: the health of the cluster in a sentence, and what each member believes.</summary>
internal static class StatusCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var check = new System.CommandLine.Option<bool>("--check") { Description = "Exit code 8 when degraded, 4 without a quorum." };
        var command = new CliCommand(
            "status", "Shows whether the cluster works, and what each member believes.", "balsa status", "balsa status --check --json");
        command.Options.Add(check);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var output = call.OutputOf(parsed);
            if (call.EndpointsOf(parsed) is not { } endpoints) return ClientCall.BadEndpoints(output);
            var view = ClusterView.LookAsync(endpoints, call.TimeoutOf(parsed)).GetAwaiter().GetResult();
            if (view.Members.Count == 0) return Unreachable(output, endpoints);
            StatusPage.Print(output, view, isDev: DevContext.IsOf(endpoints));
            output.Object(writer => StatusJson.Write(writer, view));
            return parsed.GetValue(check) ? ExitCodeOf(view) : ExitCode.Done;
        });
        return command;
    }

    internal static int ExitCodeOf(ClusterView view) => view.Health switch
    {
        "healthy" => ExitCode.Done,
        "degraded" => ExitCode.Degraded,
        _ => ExitCode.NoQuorum,
    };

    internal static int Unreachable(Output output, IEnumerable<System.Net.IPEndPoint> endpoints) => output.Fail(
        new Problem(
            "no member of the cluster can be reached, so its health is unknown.", $"Tried {string.Join(", ", endpoints)}.",
            "balsa dev", "balsa status --endpoints IP:PORT") { Code = "E0201" },
        ExitCode.Unreachable);
}

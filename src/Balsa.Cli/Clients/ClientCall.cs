using System.CommandLine;
using System.Net;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>What every command that asks a cluster has in common: where, how long, in which form, and what its failures say.</summary>
internal sealed class ClientCall(TextWriter results, TextWriter messages, TimeSpan? longest = null)
{
    private readonly Option<string?> _endpoints = new("--endpoints")
    {
        Description = "Client addresses, separated by commas. Otherwise BALSA_ENDPOINTS, a running dev cluster, or 127.0.0.1:2379.",
        HelpName = "IP:PORT,...",
    };

    private readonly Option<TimeSpan> _timeout = Duration.Option(
        "--timeout", "How long to try, altogether.", longest ?? TimeSpan.FromSeconds(5));
    private readonly Option<bool> _json = CliCommand.JsonOption();

    public void AddOptions(Command command)
    {
        command.Options.Add(_endpoints);
        command.Options.Add(_timeout);
        command.Options.Add(_json);
    }

    public Output OutputOf(ParseResult parsed) => new(results, messages, parsed.GetValue(_json));

    public TimeSpan TimeoutOf(ParseResult parsed) => parsed.GetValue(_timeout);

    /// <summary>Null when the addresses cannot be understood.</summary>
    public IReadOnlyList<IPEndPoint>? EndpointsOf(ParseResult parsed) => Endpoints.Find(parsed.GetValue(_endpoints));

    /// <summary>Asks, and prints the answer or what went wrong.</summary>
    /// <param name="explain">What the command itself has to say about a refusal; null where it knows no better.</param>
    public int Run(
        ParseResult parsed, ClientRequest request, Func<Output, ClientResponse, int> print,
        Func<ClientResponse, (Problem Problem, int ExitCode)?>? explain = null)
    {
        var output = OutputOf(parsed);
        if (EndpointsOf(parsed) is not { } endpoints) return BadEndpoints(output);
        var limit = TimeoutOf(parsed);
        using var client = new ClusterClient(endpoints) { UsesSession = true };
        var response = client.AskAsync(request, limit).GetAwaiter().GetResult();
        if (response?.Outcome == ClientOutcome.Done) return print(output, response);
        if (response is null) return Unreachable(output, client);
        var refusal = response.Outcome == ClientOutcome.NotDone ? explain?.Invoke(response) ?? StoreProblem.Of(request, response) : null;
        return refusal is { } known ? output.Fail(known.Problem, known.ExitCode) : Failed(output, request, response, client, limit);
    }

    public static int BadEndpoints(Output output) => output.Fail(
        new Problem("the endpoints cannot be understood.", "They are addresses such as 127.0.0.1:2379, separated by commas.",
            "balsa status --endpoints 127.0.0.1:2379"),
        ExitCode.Usage);

    public static int Unreachable(Output output, ClusterClient client) => output.Fail(
        new Problem("no member of the cluster can be reached; nothing was done.", $"Tried {Trials(client)}.", "balsa dev",
            "balsa status --endpoints IP:PORT")
        {
            Code = "E0201", Outcome = ClientOutcome.NotDone,
        },
        ExitCode.Unreachable);

    private static int Failed(Output output, ClientRequest request, ClientResponse response, ClusterClient client, TimeSpan limit)
    {
        var key = KeyText.Quote(System.Text.Encoding.UTF8.GetString(request.Key));
        if (response.Outcome == ClientOutcome.Unknown)
        {
            return output.Fail(
                new Problem(
                    "outcome unknown: it may have happened, or may yet.", $"{response.Message}. Tried {Trials(client)}.",
                    request.Key.Length > 0 ? $"balsa get {key}{(request.IsPrefix ? " -p" : "")}" : "balsa ls", "balsa status")
                {
                    Code = response.Code, Outcome = response.Outcome,
                },
                ExitCode.NoQuorum);
        }

        var waited = response.Code is ClientError.NoLeader or ClientError.NotLeader or ClientError.Busy or ClientError.Stopping
            or ClientError.TimedOut;
        var what = waited ? $"no answer from a leader within {limit.TotalSeconds:0.###} s; nothing was done."
            : "refused; nothing was done.";
        return output.Fail(
            new Problem(what, $"{response.Message}. Tried {Trials(client)}.", "balsa status")
            {
                Code = response.Code, Outcome = response.Outcome,
            },
            response.Code == ClientError.Malformed ? ExitCode.Usage : waited ? ExitCode.NoQuorum : ExitCode.Failed);
    }

    private static string Trials(ClusterClient client) => string.Join(", ", client.Tried.Select(tried => $"{tried.Key} ({tried.Value})"));
}

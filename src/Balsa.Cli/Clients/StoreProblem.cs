using System.Text;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>What the store refuses, in three parts. Null for refusals that are not the store's.</summary>
internal static class StoreProblem
{
    public static (Problem Problem, int ExitCode)? Of(ClientRequest request, ClientResponse response)
    {
        var key = KeyText.Quote(Encoding.UTF8.GetString(request.Key));
        return response.Code switch
        {
            ClientError.NoSuchKey => (NoSuchKey(key, response.Revision, $"balsa put {key} VALUE"), ExitCode.NotFound),
            ClientError.Compacted when request.Op == ClientOperation.Compact => (Compacted(request, response), ExitCode.Failed),
            ClientError.Compacted => (Gone(request, response), ExitCode.NotFound),
            ClientError.FutureRevision when request.Op == ClientOperation.Compact => (
                Future(request, response, $"balsa compact {response.Revision}"), ExitCode.Failed),
            ClientError.FutureRevision => (Future(request, response, Command(request)), ExitCode.NotFound),
            _ => null,
        };
    }

    /// <summary>Nothing is there, so nothing was done.</summary>
    public static Problem NoSuchKey(string key, long revision, params string[] next) => Refusal(
        ClientError.NoSuchKey, $"there is no key {key}.", $"Revision {revision} does not hold it, so nothing was done.",
        ["balsa ls", .. next]);

    public static Problem Refusal(string code, string what, string why, params string[] next) =>
        new(what, why, next) { Code = code, Outcome = ClientOutcome.NotDone };

    private static Problem Compacted(ClientRequest request, ClientResponse response) => Refusal(
        ClientError.Compacted, $"revision {request.Revision} was compacted already; nothing was done.",
        $"{Readable(response)}, and a compaction only goes forward.", $"balsa compact {response.Revision}");

    private static Problem Gone(ClientRequest request, ClientResponse response) => Refusal(
        ClientError.Compacted, $"revision {request.Revision} was compacted.", $"{Readable(response)}.",
        $"{Command(request)} --revision {response.Oldest}", Command(request));

    private static Problem Future(ClientRequest request, ClientResponse response, string next) => Refusal(
        ClientError.FutureRevision, $"there is no revision {request.Revision} yet.", $"{Readable(response)}.", next);

    private static string Readable(ClientResponse response) => response.Oldest == response.Revision
        ? $"Only revision {response.Revision} can be read"
        : $"Revisions {response.Oldest} to {response.Revision} can be read";

    /// <summary>What was typed, without its revision.</summary>
    private static string Command(ClientRequest request)
    {
        var verb = request.Op == ClientOperation.List && !request.WithValues ? "balsa ls" : "balsa get";
        var key = request.Key.Length == 0 && !request.WithValues ? "" : " " + KeyText.Quote(Encoding.UTF8.GetString(request.Key));
        return verb + key + (request is { IsPrefix: true, WithValues: true } ? " -p" : "");
    }
}

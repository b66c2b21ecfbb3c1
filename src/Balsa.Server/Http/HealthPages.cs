using System.Text;
using System.Text.Json;
using Balsa.Grpc;
using Balsa.KeyValue.Commands;
using Balsa.Raft.Reads;
using Balsa.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Balsa.Server.Http;

/// <summary>
/// Whether this node can be used: <c>/health</c> as etcd has always answered it, <c>/livez</c> and <c>/readyz</c> as a list of
/// checks, for orchestrators.
/// </summary>
internal sealed class HealthPages(ReplicaAccess replica)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly string[] Live = ["serializable_read"],
        Ready = ["data_corruption", "serializable_read", "linearizable_read", "leader"];

    private long _successes, _failures;

    /// <summary>Answers of <c>/health</c> that were good, and that were not.</summary>
    internal (long Good, long Bad) Counted => (Interlocked.Read(ref _successes), Interlocked.Read(ref _failures));

    internal static bool Serves(string path) => path is "/health" or "/livez" or "/readyz"
        || path.StartsWith("/livez/", StringComparison.Ordinal) || path.StartsWith("/readyz/", StringComparison.Ordinal);

    internal Task AnswerAsync(HttpContext http, string path)
    {
        if (path == "/health") return HealthAsync(http);
        var (page, checks) = path.StartsWith("/livez", StringComparison.Ordinal) ? ("/livez", Live) : ("/readyz", Ready);
        if (path == page) return ChecksAsync(http, checks.Except(http.Request.Query["exclude"]).OfType<string>());
        var one = path[(page.Length + 1)..];
        return checks.Contains(one, StringComparer.Ordinal)
            ? ChecksAsync(http, [one])
            : HttpPages.WriteAsync(http, 404, "text/plain; charset=utf-8", $"404 there is no check \"{one}\"\n");
    }

    /// <summary>Only what the reason says is wrong is wrong; 503 when anything is.</summary>
    private async Task HealthAsync(HttpContext http)
    {
        var isLocal = http.Request.Query["serializable"] == "true";
        var problem = AlarmExcept(http.Request.Query["exclude"]);
        if (problem is null && !isLocal) problem = await ProblemAsync("leader", http.RequestAborted) is null ? null : "RAFT NO LEADER";
        if (problem is null && await ProblemAsync(isLocal ? Live[0] : "linearizable_read", http.RequestAborted) is { } range)
            problem = $"RANGE ERROR:{range}";
        if (problem is null) Interlocked.Increment(ref _successes);
        else Interlocked.Increment(ref _failures);
        var reason = JsonEncodedText.Encode(problem ?? "");
        var body = $$"""{"health":"{{(problem is null ? "true" : "false")}}","reason":"{{reason}}"}""";
        await HttpPages.WriteAsync(http, problem is null ? 200 : 503, "application/json", body);
    }

    private async Task ChecksAsync(HttpContext http, IEnumerable<string> checks)
    {
        var (lines, isWell) = (new StringBuilder(), true);
        foreach (var check in checks)
        {
            var problem = await ProblemAsync(check, http.RequestAborted);
            isWell &= problem is null;
            lines.Append(problem is null ? $"[+]{check} ok\n" : $"[-]{check} failed: {problem}\n");
        }

        var isVerbose = http.Request.Query.ContainsKey("verbose");
        var body = isWell ? (isVerbose ? $"{lines}ok\n" : "ok\n") : lines.ToString();
        await HttpPages.WriteAsync(http, isWell ? 200 : 503, "text/plain; charset=utf-8", body);
    }

    /// <summary>The first alarm that nobody wants passed over, in etcd's words.</summary>
    private string? AlarmExcept(IEnumerable<string?> excluded)
    {
        var raised = replica.Parts.Alarms().Select(alarm => AlarmTexts.NameOf(alarm.Type)).Except(excluded, StringComparer.Ordinal);
        return raised.FirstOrDefault() is { } name ? $"ALARM {name}" : null;
    }

    /// <summary>What is wrong; null when nothing is.</summary>
    private async Task<string?> ProblemAsync(string check, CancellationToken gone)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone);
        over.CancelAfter(Patience);
        try
        {
            if (check == "data_corruption")
                return replica.Parts.Alarms().Any(alarm => alarm.Type == AlarmType.Corrupt) ? "alarm activated: CORRUPT" : null;
            if (check == "leader")
                return (await replica.StatusAsync(over.Token)) is { Leader.IsNone: true } ? ReplicaProblems.NoLeader.Message : null;
            await replica.CatchUpAsync(check == Live[0] ? ReadMode.Local : ReadMode.Quorum, over.Token);
            return null;
        }
        catch (GrpcException refused)
        {
            return refused.Message;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {Patience.TotalSeconds} s";
        }
    }
}

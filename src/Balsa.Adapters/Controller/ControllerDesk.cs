using System.Text.Json;
using Balsa.Adapters.Nodes;
using Balsa.Raft;

namespace Balsa.Adapters.Controller;

/// <summary>
/// Carries a request out on the node and says what to answer. It knows nothing of datagrams, so every dialect of this family has
/// the same meaning, whatever it looks like.
/// </summary>
internal sealed class ControllerDesk(IDialectNode node, StoredLog log, DialectOptions options)
{
    private const string NoOrders = "this node takes no orders from controllers";

    internal string Self => DialectNames.ToController(node.Name);

    /// <returns>Null when there is nothing to say.</returns>
    internal Task<DeskAnswer?> HandleAsync(ControllerRequest request) => request.Kind switch
    {
        RequestKind.LeaderInfo or RequestKind.Lagging => SayLeaderAsync(request),
        RequestKind.Store => StoreAsync(request),
        RequestKind.Retrieve => RetrieveAsync(request, request.IsLocal),
        RequestKind.GetLog => RetrieveAsync(request, isLocal: true),
        RequestKind.CatchMeUp => CatchUpAsync(request),
        RequestKind.Status => StatusAsync(request),
        RequestKind.Ping => Now(new Reply("PONG") { Counter = request.Counter }),
        RequestKind.CatchUp => Refuse(request, "a log is repaired by the leader alone, never by a CATCHUP"),
        _ when options.RefusesOrders => Refuse(request, NoOrders),
        RequestKind.ConvertToFollower => OrderAsync(request, node.ConvertToFollowerAsync),
        RequestKind.TimeOut => OrderAsync(request, node.TimeOutNowAsync),
        RequestKind.TryLead => TryLeadAsync(request),
        RequestKind.PlayDead => OrderAsync(request, node.PlayDead),
        RequestKind.Resume => OrderAsync(request, node.Resume),
        RequestKind.ShutDown when options.ShutDownPauses => OrderAsync(request, node.PlayDead),
        RequestKind.ShutDown => Now(AckOf(request, CommandResult.Done), afterwards: node.ShutDown),
        _ => Task.FromResult<DeskAnswer?>(null),
    };

    private async Task<DeskAnswer?> SayLeaderAsync(ControllerRequest request) =>
        await node.ReportAsync() is { } report ? DeskAnswer.Of(LeaderReply(request, report.Leader, report.Term)) : null;

    private async Task<DeskAnswer?> StoreAsync(ControllerRequest request)
    {
        if (request.Key.ValueKind == JsonValueKind.Null && request.Value.ValueKind == JsonValueKind.Null)
            return DeskAnswer.Of(StoreReply(request) with { Success = false, Error = "neither a key nor a value was given" });
        var told = await log.AppendAsync(request.Key, request.Value, request.Ticket, options.Patience);
        if (told.NeedsLeader) return await LeaderInsteadAsync(request, told.Leader);
        if (told.Entry is not { } entry)
            return DeskAnswer.Of(StoreReply(request) with { Success = false, Error = told.Problem });
        return options.StoreAck switch
        {
            StoreAck.Off => null,
            StoreAck.LegacySuccess => DeskAnswer.Of(new Reply("SUCCESS")),
            _ => DeskAnswer.Of(StoreReply(request) with { Term = entry.Term, Success = true, Index = entry.Position }),
        };
    }

    private async Task<DeskAnswer?> RetrieveAsync(ControllerRequest request, bool isLocal)
    {
        if (await node.ReportAsync() is not { } report) return null;
        if (node.PlaysDead || (!isLocal && !report.Leads)) return DeskAnswer.Of(LeaderReply(request, report.Leader, report.Term));
        var limit = Math.Min(request.Limit ?? options.EntriesAtOnceMax, options.EntriesAtOnceMax);
        var told = await log.ReadAsync(request.From, limit, isLocal, options.Patience);
        if (!told.IsDone) return await LeaderInsteadAsync(request, told.Leader);
        return DeskAnswer.Of(new Reply("RETRIEVE")
        {
            Term = report.Term, Key = Quoted(options.EntriesKey), Entries = told.Found, Recipient = AsRecipient(request),
        });
    }

    /// <summary>Only the leader speaks, to whoever lags: the others know no better.</summary>
    private async Task<DeskAnswer?> CatchUpAsync(ControllerRequest request)
    {
        if (await node.ReportAsync() is not { Leads: true } report) return null;
        var told = await log.ReadAsync(request.From, request.Limit ?? options.EntriesAtOnceMax, isLocal: false, options.Patience);
        return !told.IsDone ? null : DeskAnswer.Of(new Reply("CATCHUP")
        {
            Term = report.Term, Key = Quoted(ReplyKeys.Logs), Entries = told.Found, Recipient = AsRecipient(request),
        });
    }

    private async Task<DeskAnswer?> StatusAsync(ControllerRequest request)
    {
        if (await node.ReportAsync() is not { } report) return null;
        var newest = node.PlaysDead ? null : (await log.ReadNewestAsync(StatusText.EntriesMax, options.Patience)).Found;
        return DeskAnswer.Of(new Reply("STATUS")
        {
            Term = report.Term, Key = Quoted(ReplyKeys.NodeInfo), Recipient = AsRecipient(request),
            Value = StatusText.Of(report, newest, options),
        });
    }

    private async Task<DeskAnswer?> TryLeadAsync(ControllerRequest request) =>
        await node.ReportAsync() is { Role: Role.Leader }
            ? DeskAnswer.Of(AckOf(request, CommandResult.Done)) : await OrderAsync(request, node.TimeOutNowAsync);

    private static async Task<DeskAnswer?> OrderAsync(ControllerRequest request, Func<Task<CommandResult>> order) =>
        DeskAnswer.Of(AckOf(request, await order()));

    private static Task<DeskAnswer?> OrderAsync(ControllerRequest request, Action order)
    {
        order();
        return Now(AckOf(request, CommandResult.Done));
    }

    private async Task<DeskAnswer?> LeaderInsteadAsync(ControllerRequest request, string? leader) =>
        DeskAnswer.Of(LeaderReply(request, leader, (await node.ReportAsync())?.Term));

    private Reply LeaderReply(ControllerRequest request, string? leader, ulong? term) => new("LEADER_INFO")
    {
        Term = options.LeaderInfoTerm ? term : null, Key = Quoted(ReplyKeys.Leader), Recipient = AsRecipient(request),
        Value = leader is null ? "null" : Quoted(DialectNames.ToController(leader)),
    };

    private static Reply StoreReply(ControllerRequest request) => new("STORE")
    {
        Key = request.Key.GetRawText(), Value = request.Value.GetRawText(), Recipient = AsRecipient(request),
    };

    /// <summary>Orders are carried out without a word, as the course has it, unless the sender asks for one.</summary>
    private static Reply? AckOf(ControllerRequest request, CommandResult result) => !request.WantsAck ? null
        : new Reply(request.Word) { Success = result.IsDone, Error = result.Problem, Recipient = AsRecipient(request) };

    private static Task<DeskAnswer?> Refuse(ControllerRequest request, string problem) => Now(AckOf(request, new CommandResult(problem)));

    private static Task<DeskAnswer?> Now(Reply? reply, Action? afterwards = null) =>
        Task.FromResult(reply is null && afterwards is null ? null : new DeskAnswer(reply, afterwards));

    private static string AsRecipient(ControllerRequest request) => request.Sender.Length > 0 ? request.Sender : "Controller";

    private static string Quoted(string text) => JsonSerializer.Serialize(text, DialectJson.Default.String);
}

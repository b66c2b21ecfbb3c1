using Balsa.Adapters.Lan;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>
/// Sends what clients want, follows redirects, and asks again after growing pauses, for a bounded time. Each attempt is an
/// operation of its own in the history: one without an answer may have taken effect or not.
/// </summary>
internal sealed class RequestDriver(MetricsHub hub, IMetricsCluster cluster, Dice dice)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;
    private const long ReplyWithin = 250 * Millisecond, GiveUpAfter = 4000 * Millisecond, FirstPause = 10 * Millisecond;
    private const int DoublingsMax = 4;

    private readonly Dictionary<string, MetricsAttempt> _attempts = new(StringComparer.Ordinal);

    internal Recording Recording { get; } = new();

    internal void Send(MetricsRequest request) =>
        Send(request, dice.Below(1_000_000) < (int)(1_000_000 * hub.Experiment.AskAnyone) ? null : hub.Leader);

    internal void OnReply(int client, LanMessage reply)
    {
        var counters = hub.Record.Counters;
        if (!_attempts.TryGetValue(reply.Id!, out var attempt) || attempt.Request.Client != client)
        {
            counters.Wrong++;
            hub.Record.Errors.Add($"Error - client received an unexpected Message ID: {reply.Id}");
            return;
        }

        if (attempt.IsAnswered)
        {
            counters.Duplicates++;
            return;
        }

        attempt.IsAnswered = true;
        counters.Latencies.Add(cluster.Now - attempt.SentAt);
        switch (reply.Category)
        {
            case LanCategories.Success: OnSuccess(attempt, reply); break;
            case LanCategories.Failure when reply.Reason == LanReasons.NoSuchKey && attempt.Request.IsGet: OnNoSuchKey(attempt); break;
            case LanCategories.Failure: OnFailure(attempt, reply); break;
            default: OnRedirect(attempt, reply); break;
        }
    }

    private void Send(MetricsRequest request, int? preferred)
    {
        if (hub.IsOver) return;
        var server = preferred is { } wanted && hub.IsLive(wanted) ? wanted : AnyLive();
        var (client, counters) = (hub.Clients[request.Client], hub.Record.Counters);
        if (request.IsGet) counters.Gets++;
        else counters.Puts++;
        request.Attempts++;
        var id = client.NewName();
        while (_attempts.ContainsKey(id)) id = client.NewName();
        var attempt = new MetricsAttempt
        {
            Id = id, Request = request, Server = server, SentAt = cluster.Now,
            Operation = Recording.Begin(new Operation
            {
                Client = $"{client.Id}.{_attempts.Count + 1}", Kind = request.IsGet ? OperationKind.Get : OperationKind.Put,
                Key = request.Key, Value = request.Value, Begin = cluster.Now, Line = _attempts.Count + 1,
            }),
            Put = request.IsGet ? null : client.BeginPut(request.Key, request.Value!, cluster.Now),
        };
        _attempts.Add(id, attempt);
        request.Newest = attempt;
        hub.Count(MessageGroup.Client);
        cluster.Send(server, new LanMessage
        {
            Source = client.Id, Destination = MetricsHub.NameOf(server), Id = id, Key = request.Key, Value = request.Value,
            Category = request.IsGet ? LanCategories.Get : LanCategories.Put,
            Leader = hub.Leader is { } leader ? MetricsHub.NameOf(leader) : LanMessage.Nobody,
        });
        cluster.At(cluster.Now + ReplyWithin, () => OnSilence(attempt));
    }

    private void OnSuccess(MetricsAttempt attempt, LanMessage reply)
    {
        var (request, now) = (attempt.Request, cluster.Now);
        if (request.IsGet && reply.Value is null)
        {
            hub.Record.Counters.Wrong++;
            hub.Record.Errors.Add($"Error-missing key value: {request.Key}");
            End(attempt, RequestState.Wrong);
            return;
        }

        Recording.End(attempt.Operation, Outcome.Done, now, asked => request.IsGet ? asked with { Found = reply.Value } : asked);
        if (attempt.Put is { } put) hub.Clients[request.Client].EndPut(put, now);
        End(attempt, request.IsGet ? Checked(attempt, reply.Value) : RequestState.Done);
    }

    private void OnNoSuchKey(MetricsAttempt attempt)
    {
        hub.Record.Counters.GetFailures++;
        hub.Record.Counters.Redirects++;
        Recording.End(attempt.Operation, Outcome.Done, cluster.Now, asked => asked with { Found = null });
        End(attempt, Checked(attempt, null));
    }

    private void OnFailure(MetricsAttempt attempt, LanMessage reply)
    {
        var counters = hub.Record.Counters;
        counters.Redirects++;
        if (attempt.Request.IsGet) counters.GetFailures++;
        else counters.PutFailures++;
        // A failure without a reason, from a server that is not ours, says nothing certain of a put.
        if (attempt.Request.IsGet || reply.Reason == LanReasons.NotDone) NotDone(attempt);
        Later(attempt, null);
    }

    private void OnRedirect(MetricsAttempt attempt, LanMessage reply)
    {
        hub.Record.Counters.Redirects++;
        NotDone(attempt);
        var hint = hub.LeaderNamed(reply.Leader);
        if (hint is { } leader && leader != attempt.Server && attempt.Request.Attempts == 1 && !hub.IsOver) Send(attempt.Request, leader);
        else Later(attempt, hint);
    }

    private void OnSilence(MetricsAttempt attempt)
    {
        if (!attempt.IsAnswered) Later(attempt, null);
    }

    private void Later(MetricsAttempt attempt, int? hint)
    {
        var request = attempt.Request;
        if (hub.IsOver || request.State != RequestState.Open || request.Newest != attempt) return;
        var pause = FirstPause << Math.Min(request.Attempts - 1, DoublingsMax);
        var at = cluster.Now + pause / 2 + dice.Below(pause);
        if (at >= request.BegunAt + GiveUpAfter)
        {
            (request.State, request.EndedAt) = (RequestState.Unanswered, cluster.Now);
            return;
        }

        cluster.At(at, () =>
        {
            if (request.State == RequestState.Open && request.Newest == attempt) Send(request, hub.Leader ?? hint);
        });
    }

    private void NotDone(MetricsAttempt attempt)
    {
        Recording.End(attempt.Operation, Outcome.NotDone, cluster.Now);
        if (attempt.Put is { } put) hub.Clients[attempt.Request.Client].Forget(put);
    }

    private RequestState Checked(MetricsAttempt attempt, string? value)
    {
        if (hub.Clients[attempt.Request.Client].MayFind(attempt.Request.Key, value, attempt.SentAt)) return RequestState.Done;
        hub.Record.Counters.Wrong++;
        hub.Record.Errors.Add($"Error -wrong_get value is received to the client for a key: {attempt.Request.Key}");
        return RequestState.Wrong;
    }

    private void End(MetricsAttempt attempt, RequestState state)
    {
        var request = attempt.Request;
        // The first answer counts, unless a later one is wrong.
        if (request.AnsweredAttemptAt >= 0 && state == RequestState.Done) return;
        (request.State, request.EndedAt, request.AnsweredAttemptAt) = (state, cluster.Now, attempt.SentAt);
    }

    private int AnyLive()
    {
        var live = 0;
        for (var server = 0; server < hub.Experiment.Servers; server++)
            if (hub.IsLive(server)) live++;
        var chosen = live == 0 ? dice.Below(hub.Experiment.Servers) : dice.Below(live);
        for (var server = 0; live > 0; server++)
            if (hub.IsLive(server) && chosen-- == 0) return server;
        return chosen;
    }
}

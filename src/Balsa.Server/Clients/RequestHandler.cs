using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Wire;
using Balsa.Node.Stores;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Replica;
using Balsa.Replica.Hosting;
using Balsa.Server.Access;
using Balsa.Server.Members;
using Balsa.Server.Protocol;

namespace Balsa.Server.Clients;

/// <summary>From a client's request to its answer. Done, not done and unknown are kept apart from here to the user's screen.</summary>
internal sealed class RequestHandler(
    ReplicaPump<NoProbe> pump, ViewGate views, QuotaKeeper quota, int entryBytesMax, Func<MemberId, string?> clientAddress,
    Func<ReplicaStatus, NodeStatus> describe, Func<bool, bool> isolate, MemberChanges members)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    internal async Task<ClientResponse> HandleAsync(ClientRequest request)
    {
        var limit = TimeSpan.FromMilliseconds(Math.Clamp(request.TimeoutMs, 1, LongestWait.TotalMilliseconds));
        switch (request.Op)
        {
            case ClientOperation.Put or ClientOperation.Delete or ClientOperation.Compact or ClientOperation.OpenSession
                or ClientOperation.CloseSession: return await WriteAsync(request, limit);
            case ClientOperation.Get or ClientOperation.List: return await ReadAsync(request, limit);
            case ClientOperation.Status: return await StatusAsync(limit);
            case ClientOperation.MoveLeader: return await MoveAsync(request, limit);
            case ClientOperation.Isolate: return Isolate(yes: true);
            case ClientOperation.Heal: return Isolate(yes: false);
            case ClientOperation.Members when request.Member is { } member: return await members.RunAsync(member, limit);
            default: return Refuse(ClientError.Malformed, $"there is no operation \"{request.Op}\"");
        }
    }

    private async Task<ClientResponse> WriteAsync(ClientRequest request, TimeSpan limit)
    {
        if (IsWithoutKey(request)) return Refuse(ClientError.Malformed, "the key is empty");
        var entry = StoreRequests.EntryOf(request);
        if (entry.Length > entryBytesMax)
            return Refuse(ClientError.TooLarge,
                $"key and value have {request.Key.Length + request.Value.Length} bytes; with what goes around them "
                + $"{entryBytesMax} are allowed");
        if (!quota.Allows(StoreRequests.KindOf(request), entry))
            return Refuse(ClientError.QuotaReached, StoreErrors.Explain(StoreError.NoSpace).Message);
        var answer = await WaitAsync(pump.ProposeAsync(entry, limit), limit, Outcome.Unknown(Reason.TimedOut));
        if (answer.Outcome.Verdict != Verdict.Done) return Refuse(answer);
        var result = Answer.Read(StoreRequests.KindOf(request), (byte[])answer.Result!);
        if (result.Error == StoreError.None) return StoreRequests.ResponseOf(request, result);
        using var reader = views.Enter();
        return StoreRequests.Refused(result, reader.View.Compacted);
    }

    private async Task<ClientResponse> ReadAsync(ClientRequest request, TimeSpan limit)
    {
        if (IsWithoutKey(request)) return Refuse(ClientError.Malformed, "the key is empty");
        if (!ReadConsistencyText.TryRead(request.Consistency, out var mode))
            return Refuse(ClientError.Malformed, $"there is no consistency \"{request.Consistency}\"");
        if (request is { Local: true, Consistency: null }) mode = ReadMode.Local;
        var answer = await WaitAsync(pump.QueryAsync(default, mode, limit), limit, Outcome.NotDone(Reason.TimedOut));
        if (answer.Outcome.Verdict != Verdict.Done) return Refuse(answer);
        // On the thread of the caller: the state is at least as new as when it asked.
        using var reader = views.Enter();
        return PagedRead.Run(reader.View, request) with { Served = ReadConsistencyText.Of(answer.Served) };
    }

    private static bool IsWithoutKey(ClientRequest request) => request.Key.Length == 0 && !request.IsPrefix
        && request.Op is ClientOperation.Put or ClientOperation.Delete or ClientOperation.Get or ClientOperation.List;

    private ClientResponse Isolate(bool yes) => isolate(yes)
        ? new ClientResponse { Outcome = ClientOutcome.Done }
        : Refuse(ClientError.FaultsForbidden, "this member takes no faults; only one that was started with --allow-faults does");

    private async Task<ClientResponse> StatusAsync(TimeSpan limit)
    {
        var asked = pump.StatusAsync();
        var first = await Task.WhenAny(asked, Task.Delay(limit));
        if (first != asked || await asked is not { } status) return Refuse(ClientError.Busy, "the member is too busy to say");
        return new ClientResponse { Outcome = ClientOutcome.Done, Leader = clientAddress(status.Leader), Status = describe(status) };
    }

    private async Task<ClientResponse> MoveAsync(ClientRequest request, TimeSpan limit)
    {
        var moving = pump.MoveLeadershipAsync(new MemberId(request.Target));
        var answer = await WaitAsync(moving, limit, Outcome.Unknown(Reason.TimedOut));
        return answer.Outcome.Verdict == Verdict.Done ? new ClientResponse { Outcome = ClientOutcome.Done } : Refuse(answer);
    }

    private static async Task<ReplicaAnswer> WaitAsync(Task<ReplicaAnswer> asked, TimeSpan limit, Outcome otherwise)
    {
        try
        {
            return await asked.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            return new ReplicaAnswer(otherwise, default, default, null);
        }
    }

    private ClientResponse Refuse(in ReplicaAnswer answer)
    {
        var (code, message) = Explain(answer);
        return new ClientResponse
        {
            Outcome = answer.Outcome.Verdict == Verdict.Unknown ? ClientOutcome.Unknown : ClientOutcome.NotDone, Code = code,
            Message = message, Leader = clientAddress(answer.Leader),
        };
    }

    private static (string Code, string Message) Explain(in ReplicaAnswer answer)
    {
        if (answer.Shortage == Shortage.Log)
            return (ClientError.LogFull, "the log has reached its limit, and this version cannot compact it");
        if (answer.Shortage == Shortage.Disk)
            return (ClientError.DiskFull, "the disk of the leader is full; writes are taken again as soon as there is room");
        if (answer.Outcome.Verdict == Verdict.Unknown)
            return (ClientError.OutcomeUnknown, $"nobody can say yet whether it happened ({answer.Outcome.Reason})");
        return answer.Outcome.Reason switch
        {
            Reason.NotLeader when !answer.Leader.IsNone => (ClientError.NotLeader, "another member leads"),
            Reason.NotLeader or Reason.NoLeader or Reason.LeadershipLost or Reason.LeaderNotReady or Reason.TransferInProgress =>
                (ClientError.NoLeader, "no member leads right now"),
            Reason.Busy => (ClientError.Busy, "too much is under way"),
            Reason.Stopped => (ClientError.Stopping, "this member is stopping"),
            Reason.TimedOut => (ClientError.TimedOut, "no answer of a majority in time"),
            Reason.TooLarge => (ClientError.TooLarge, "the entry is too large"),
            Reason.SetAside => (ClientError.SetAside, "this member is set aside: its state is in doubt, so it serves nobody"),
            var reason => (ClientError.NotPossible, $"it is not possible ({reason})"),
        };
    }

    private static ClientResponse Refuse(string code, string message) =>
        new() { Outcome = ClientOutcome.NotDone, Code = code, Message = message };
}

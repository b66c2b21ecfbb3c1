using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Probes;
using Balsa.Replica;
using Balsa.Replica.Hosting;
using Balsa.Server.Protocol;

namespace Balsa.Server.Members;

/// <summary>Changes the membership, whoever of the members is asked: those that do not lead pass the request on.</summary>
/// <param name="clientAddress">Where a member takes clients.</param>
internal sealed class MemberChanges(
    ReplicaPump<NoProbe> pump, MemberId self, TimeSpan electionTimeout, Func<MemberId, string?> clientAddress)
{
    /// <summary>Between attempts: an election or an earlier change takes about as long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    internal async Task<ClientResponse> RunAsync(MemberRequest request, TimeSpan limit, CancellationToken stop = default)
    {
        var deadline = MonotonicClock.Now + limit.Ticks;
        while (true)
        {
            var left = new TimeSpan(deadline - MonotonicClock.Now);
            var response = await TryAsync(request, left, stop);
            var passes = response.Outcome == ClientOutcome.NotDone
                && response.Code is ClientError.NoLeader or ClientError.NotLeader or ClientError.Busy or ClientError.ChangeInProgress;
            if (!passes || request.Forwarded || left < 2 * Pause) return response;
            await Task.Delay(Pause, stop);
        }
    }

    private async Task<ClientResponse> TryAsync(MemberRequest request, TimeSpan left, CancellationToken stop)
    {
        if (await pump.StatusAsync() is not { } status) return Refuse(ClientError.Busy, "too much is under way");
        if (status.Role != Role.Leader) return await PassOnAsync(request, status.Leader, left, stop);
        var step = new MemberPlanner(status, self, 2 * electionTimeout.Ticks).Plan(request);
        if (step.Code is { } code) return Refuse(code, step.Message);
        if (request.DryRun) return new ClientResponse { Outcome = ClientOutcome.Done, Plan = step.Plan };
        ReplicaAnswer answer;
        try
        {
            answer = await pump.ChangeMembersAsync(step.Changes, status.ConfigurationIndex).WaitAsync(left, stop);
        }
        catch (TimeoutException)
        {
            answer = new ReplicaAnswer(Outcome.Unknown(Reason.TimedOut), default, default, null);
        }

        return answer.Outcome.Verdict switch
        {
            Verdict.Done => new ClientResponse { Outcome = ClientOutcome.Done, Plan = step.Plan },
            Verdict.Unknown => new ClientResponse
            {
                Outcome = ClientOutcome.Unknown, Code = ClientError.OutcomeUnknown,
                Message = $"nobody can say yet whether the change was made ({answer.Outcome.Reason})",
            },
            _ => Explain(answer.Outcome.Reason),
        };
    }

    private async Task<ClientResponse> PassOnAsync(MemberRequest request, MemberId leader, TimeSpan left, CancellationToken stop)
    {
        if (request.Forwarded) return Refuse(ClientError.NotLeader, "another member leads");
        if (leader.IsNone || clientAddress(leader) is not { } address) return Refuse(ClientError.NoLeader, "no member leads right now");
        var passed = new ClientRequest
        {
            Op = ClientOperation.Members, Member = request with { Forwarded = true }, TimeoutMs = Math.Max(1, (int)left.TotalMilliseconds),
        };
        return await MemberCall.AskAsync(address, passed, left, stop);
    }

    private static ClientResponse Explain(Reason reason) => reason switch
    {
        Reason.NotLeader or Reason.NoLeader or Reason.LeadershipLost or Reason.LeaderNotReady or Reason.TransferInProgress =>
            Refuse(ClientError.NoLeader, "no member leads right now"),
        Reason.ChangeInProgress or Reason.ConfigurationConflict =>
            Refuse(ClientError.ChangeInProgress, "another change of the members is under way"),
        Reason.NotEligible => Refuse(ClientError.NotLevel, "the learner has not started, or is not level with the leader yet"),
        Reason.Stopped => Refuse(ClientError.Stopping, "this member is stopping"),
        Reason.Busy => Refuse(ClientError.Busy, "too much is under way"),
        _ => Refuse(ClientError.NotPossible, $"it is not possible ({reason})"),
    };

    private static ClientResponse Refuse(string code, string message) =>
        new() { Outcome = ClientOutcome.NotDone, Code = code, Message = message };
}

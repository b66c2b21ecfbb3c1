using Balsa.Raft.Effects;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Hosting;

/// <summary>What a replica that has ended never took: it was certainly not done, and whoever waits for it is told so.</summary>
internal static class Untaken
{
    internal static void Refuse<TInbox>(TInbox inbox) where TInbox : IInbox
    {
        while (inbox.TryTake(out var input)) Refuse(input);
    }

    private static void Refuse(ReplicaInput input)
    {
        var answer = new ReplicaAnswer(Outcome.NotDone(Reason.Stopped), default, default, null);
        switch (input)
        {
            case ProposeCommand propose: propose.Caller.TrySetResult(answer); break;
            case RunQuery read: read.Caller.TrySetResult(answer); break;
            case MoveLeadership move: move.Caller.TrySetResult(answer); break;
            case ChangeMembers change: change.Caller.TrySetResult(answer); break;
            case StandForElection stand: stand.Caller.TrySetResult(answer); break;
            case GiveUpLeadership giveUp: giveUp.Caller.TrySetResult(answer); break;
            case PlanMembers plan: plan.Caller.TrySetCanceled(); break;
            case TellStatus tell: tell.Caller.TrySetCanceled(); break;
        }
    }
}

using Balsa.Grpc;
using Balsa.KeyValue.Answers;
using Balsa.Raft.Effects;
using Balsa.Replica;

namespace Balsa.Server.Access;

/// <summary>
/// What the replica could not do, in etcd's words, which clients compare. What passes by itself is Unavailable: clients repeat
/// reads on it, and writes they repeat only when they know that nothing was sent.
/// </summary>
internal static class ReplicaProblems
{
    internal const string DeadlineMessage = "etcdserver: context deadline exceeded";

    internal static GrpcException NoLeader => Unavailable("no leader");

    internal static GrpcException TimedOut => Unavailable("request timed out");

    internal static GrpcException Stopped => Unavailable("server stopped");

    internal static GrpcException Busy => new(StatusCode.ResourceExhausted, "etcdserver: too many requests");

    internal static GrpcException NotLeader => new(StatusCode.FailedPrecondition, "etcdserver: not leader");

    internal static GrpcException BadTransferee => new(StatusCode.FailedPrecondition, "etcdserver: bad leader transferee");

    internal static GrpcException OfWrite(in ReplicaAnswer answer)
    {
        if (answer.Shortage != Shortage.None) return StoreProblems.Of(StoreError.NoSpace);
        if (answer.Outcome.Verdict == Verdict.Unknown) return OfUnknown(answer.Outcome.Reason);
        return answer.Outcome.Reason switch
        {
            Reason.TooLarge => StoreProblems.Of(StoreError.RequestTooLarge),
            var reason => Of(reason),
        };
    }

    internal static GrpcException OfRead(in ReplicaAnswer answer) =>
        answer.Outcome.Reason == Reason.LeadershipLost ? Unavailable("leader changed") : Of(answer.Outcome.Reason);

    internal static GrpcException OfMove(in ReplicaAnswer answer) => answer.Outcome.Reason switch
    {
        Reason.NotLeader => NotLeader,
        Reason.NotEligible => BadTransferee,
        Reason.TimedOut => new GrpcException(StatusCode.Unknown, "etcdserver: request timed out, leader transfer took too long"),
        var reason => Of(reason),
    };

    /// <summary>It was proposed, and nobody can say yet whether it happened.</summary>
    private static GrpcException OfUnknown(Reason reason) => reason switch
    {
        Reason.Stopped => Stopped,
        Reason.TimedOut => TimedOut,
        _ => Unavailable("request timed out, possibly due to previous leader failure"),
    };

    private static GrpcException Of(Reason reason) => reason switch
    {
        Reason.Stopped => Stopped,
        Reason.TimedOut => TimedOut,
        Reason.Busy => Busy,
        Reason.NotLeader or Reason.NoLeader or Reason.LeadershipLost or Reason.LeaderNotReady or Reason.TransferInProgress => NoLeader,
        _ => Unavailable($"it is not possible ({reason})"),
    };

    private static GrpcException Unavailable(string what) => new(StatusCode.Unavailable, $"etcdserver: {what}");
}

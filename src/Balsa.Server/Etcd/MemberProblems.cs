using Balsa.Grpc;
using Balsa.Server.Protocol;

namespace Balsa.Server.Etcd;

/// <summary>Why the members were not changed, in etcd's words, which clients compare.</summary>
internal static class MemberProblems
{
    internal static GrpcException NotFound => new(StatusCode.NotFound, "etcdserver: member not found");

    internal static GrpcException Of(ClientResponse refused) => refused.Code switch
    {
        ClientError.NoSuchMember => NotFound,
        ClientError.BadUrls => new(StatusCode.InvalidArgument, "etcdserver: given member URLs are invalid"),
        ClientError.UrlsTaken => Failed("Peer URLs already exists"),
        ClientError.NoLearner => Failed("can only promote a learner member"),
        ClientError.NotLevel => Failed("can only promote a learner member which is in sync with leader"),
        ClientError.UnsafeChange => Failed("re-configuration failed due to not enough started members"),
        ClientError.OutcomeUnknown => new(StatusCode.Unavailable, "etcdserver: request timed out, possibly due to previous leader failure"),
        ClientError.NoLeader or ClientError.NotLeader => new(StatusCode.Unavailable, "etcdserver: no leader"),
        ClientError.Busy => new(StatusCode.ResourceExhausted, "etcdserver: too many requests"),
        ClientError.Stopping => new(StatusCode.Unavailable, "etcdserver: server stopped"),
        _ => Failed(refused.Message ?? "the change is not possible"),
    };

    private static GrpcException Failed(string what) => new(StatusCode.FailedPrecondition, $"etcdserver: {what}");
}

using Balsa.Grpc;
using Balsa.Protocol.Etcd;
using Balsa.Protocol.Health;
using Balsa.Protocol.Sessions;

namespace Balsa.Server.Etcd;

/// <summary>The methods that are served, by the names that clients call.</summary>
internal static class EtcdMethods
{
    private const string Keys = "etcdserverpb.KV", Members = "etcdserverpb.Cluster", Upkeep = "etcdserverpb.Maintenance",
        Health = "grpc.health.v1.Health", Sessions = "balsa.v1.Session";

    internal static GrpcMethod<RangeRequest, RangeResponse> Range { get; } = new(Keys, "Range");

    internal static GrpcMethod<PutRequest, PutResponse> Put { get; } = new(Keys, "Put");

    internal static GrpcMethod<DeleteRangeRequest, DeleteRangeResponse> DeleteRange { get; } = new(Keys, "DeleteRange");

    internal static GrpcMethod<TxnRequest, TxnResponse> Txn { get; } = new(Keys, "Txn");

    internal static GrpcMethod<CompactionRequest, CompactionResponse> Compact { get; } = new(Keys, "Compact");

    internal static GrpcMethod<MemberListRequest, MemberListResponse> MemberList { get; } = new(Members, "MemberList");

    internal static GrpcMethod<MemberAddRequest, MemberAddResponse> MemberAdd { get; } = new(Members, "MemberAdd");

    internal static GrpcMethod<MemberRemoveRequest, MemberRemoveResponse> MemberRemove { get; } = new(Members, "MemberRemove");

    internal static GrpcMethod<MemberUpdateRequest, MemberUpdateResponse> MemberUpdate { get; } = new(Members, "MemberUpdate");

    internal static GrpcMethod<MemberPromoteRequest, MemberPromoteResponse> MemberPromote { get; } = new(Members, "MemberPromote");

    internal static GrpcMethod<StatusRequest, StatusResponse> Status { get; } = new(Upkeep, "Status");

    internal static GrpcMethod<MoveLeaderRequest, MoveLeaderResponse> MoveLeader { get; } = new(Upkeep, "MoveLeader");

    internal static GrpcMethod<AlarmRequest, AlarmResponse> Alarm { get; } = new(Upkeep, "Alarm");

    internal static GrpcMethod<HealthCheckRequest, HealthCheckResponse> HealthCheck { get; } = new(Health, "Check");

    internal static GrpcMethod<HealthCheckRequest, HealthCheckResponse> HealthWatch { get; } =
        new(Health, "Watch", MethodKind.ServerStream);

    internal static GrpcMethod<SessionOpenRequest, SessionOpenResponse> SessionOpen { get; } = new(Sessions, "Open");

    internal static GrpcMethod<SessionKeepAliveRequest, SessionKeepAliveResponse> SessionKeepAlive { get; } = new(Sessions, "KeepAlive");

    internal static GrpcMethod<SessionCloseRequest, SessionCloseResponse> SessionClose { get; } = new(Sessions, "Close");
}

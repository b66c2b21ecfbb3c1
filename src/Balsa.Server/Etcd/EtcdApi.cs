using Balsa.Grpc;
using Balsa.Grpc.Server;
using Balsa.Server.Access;
using Google.Protobuf;

namespace Balsa.Server.Etcd;

/// <summary>Everything that is served over gRPC.</summary>
internal sealed class EtcdApi
{
    /// <summary>Clients that send it would rather be refused at once than wait for a leader.</summary>
    private const string RequireLeader = "hasleader";

    private readonly ReplicaAccess _replica;

    private EtcdApi(ReplicaAccess replica)
    {
        _replica = replica;
        var headers = new Headers(replica.Parts);
        AddKeys(new KeyApi(replica, headers));
        AddOthers(new ClusterApi(replica, headers), new MaintenanceApi(replica, headers), new SessionApi(replica));
    }

    private ServiceTable Services { get; } = new();

    internal static ServiceTable For(ReplicaAccess replica) => new EtcdApi(replica).Services;

    private void AddKeys(KeyApi keys)
    {
        Add(EtcdMethods.Range, keys.RangeAsync);
        Add(EtcdMethods.Put, keys.PutAsync);
        Add(EtcdMethods.DeleteRange, keys.DeleteAsync);
        Add(EtcdMethods.Txn, keys.TxnAsync);
        Add(EtcdMethods.Compact, keys.CompactAsync);
    }

    private void AddOthers(ClusterApi cluster, MaintenanceApi upkeep, SessionApi sessions)
    {
        Add(EtcdMethods.MemberList, cluster.ListAsync);
        Add(EtcdMethods.MemberAdd, cluster.AddAsync);
        Add(EtcdMethods.MemberRemove, cluster.RemoveAsync);
        Add(EtcdMethods.MemberUpdate, cluster.UpdateAsync);
        Add(EtcdMethods.MemberPromote, cluster.PromoteAsync);
        Add(EtcdMethods.Status, upkeep.StatusAsync);
        Add(EtcdMethods.MoveLeader, upkeep.MoveLeaderAsync);
        Add(EtcdMethods.Alarm, upkeep.AlarmAsync);
        Add(EtcdMethods.SessionOpen, sessions.OpenAsync);
        Add(EtcdMethods.SessionKeepAlive, sessions.KeepAliveAsync);
        Add(EtcdMethods.SessionClose, sessions.CloseAsync);
        Services.Add(EtcdMethods.HealthCheck, HealthApi.CheckAsync);
        Services.AddServerStream(EtcdMethods.HealthWatch, HealthApi.WatchAsync);
    }

    private void Add<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<TRequest, ServerCall, Task<TResponse>> handle)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        Services.Add(method, async (request, call) =>
        {
            if (call.Metadata(RequireLeader) == "true" && (await _replica.StatusAsync(call.Over)).Leader.IsNone)
                throw ReplicaProblems.NoLeader;
            return await handle(request, call);
        });
}

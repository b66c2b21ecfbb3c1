using System.Diagnostics;
using Balsa.Grpc;
using Balsa.Protocol.Etcd;

namespace Balsa.Adapters.Raftkv.FrontEnds;

/// <summary>Servers that join or leave a running cluster: by a change of its configuration that a majority has agreed to.</summary>
internal sealed class FleetMembership(ServerFleet fleet, ServerRoutes routes)
{
    private const string Service = "etcdserverpb.Cluster";
    private static readonly GrpcMethod<MemberListRequest, MemberListResponse> List = new(Service, "MemberList");
    private static readonly GrpcMethod<MemberAddRequest, MemberAddResponse> Add = new(Service, "MemberAdd");
    private static readonly GrpcMethod<MemberRemoveRequest, MemberRemoveResponse> Remove = new(Service, "MemberRemove");
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>When it returns, the server has a place in the cluster and answers.</summary>
    internal async Task AddAsync(int number, TimeSpan patience, CancellationToken over)
    {
        if (number is < 1 or > RaftkvPorts.ServersMax)
            throw FleetException.NotStarted(number, $"servers have the numbers 1 to {RaftkvPorts.ServersMax}");
        if (fleet.Numbers.Contains(number)) throw FleetException.NotStarted(number, "it is one of the cluster already");
        var clock = Stopwatch.StartNew();
        var url = fleet.Ports.UrlOf(number);
        if (await FindAsync(url, patience, over) is null)
        {
            await AskAsync(Add, new MemberAddRequest { PeerURLs = { url } }, patience - clock.Elapsed, over);
        }

        await fleet.StartNewAsync(number);
        while (clock.Elapsed < patience)
        {
            try
            {
                await routes.CallAsync(number, RaftkvMethods.GetState, new Protocol.Raftkv.Empty(), patience - clock.Elapsed, over);
                return;
            }
            catch (GrpcException)
            {
                await Task.Delay(Pause, over);
            }
        }

        throw new GrpcException(StatusCode.Unavailable, $"server {number} was added and started, and does not answer yet");
    }

    internal async Task RemoveAsync(int number, TimeSpan patience, CancellationToken over)
    {
        var clock = Stopwatch.StartNew();
        var member = await FindAsync(fleet.Ports.UrlOf(number), patience, over)
            ?? throw new FleetException(number, $"Server {number} is not in the cluster", $"there are {string.Join(", ", fleet.Numbers)}");
        await AskAsync(Remove, new MemberRemoveRequest { ID = member.ID }, patience - clock.Elapsed, over);
        routes.Forget();
        await fleet.ForgetAsync(number);
    }

    private async Task<Member?> FindAsync(string url, TimeSpan patience, CancellationToken over)
    {
        var list = await AskAsync(List, new MemberListRequest { Linearizable = true }, patience, over);
        return list.Members.FirstOrDefault(member => member.PeerURLs.Contains(url));
    }

    /// <summary>Of whoever leads, as soon as somebody does.</summary>
    private async Task<TResponse> AskAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan patience, CancellationToken over)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>, new()
        where TResponse : class, Google.Protobuf.IMessage<TResponse>, new()
    {
        var clock = Stopwatch.StartNew();
        while (patience - clock.Elapsed is var left && left > TimeSpan.Zero)
        {
            if (await routes.FindLeaderAsync(left, over) is var leader && leader != 0)
                return await routes.CallAsync(leader, method, request, patience - clock.Elapsed, over);
            await Task.Delay(Pause, over);
        }

        throw new GrpcException(StatusCode.Unavailable, "no server leads; nothing was done");
    }
}

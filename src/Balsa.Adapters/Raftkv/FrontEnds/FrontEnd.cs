using Balsa.Grpc;
using Balsa.Grpc.Server;
using Balsa.Protocol.Raftkv;
using KeyValueMessage = Balsa.Protocol.Raftkv.KeyValue;

namespace Balsa.Adapters.Raftkv.FrontEnds;

/// <summary>The course's way in: starts servers, and carries what clients want to the one that leads.</summary>
public sealed class FrontEnd(FrontEndOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan ChangeMax = TimeSpan.FromSeconds(15);
    private readonly ServerFleet _fleet = new(options);
    private readonly RequestNames _names = new();
    private ServerRoutes? _routes;

    private ServerRoutes Routes => _routes ??= new ServerRoutes(_fleet);

    public void AddTo(ServiceTable services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Add(RaftkvMethods.StartRaft, (asked, _) => StartAsync(asked.Arg));
        services.Add(RaftkvMethods.FrontEndGet, GetAsync);
        services.Add(RaftkvMethods.FrontEndPut, (asked, call) => WriteAsync(RaftkvMethods.Put, asked, call));
        services.Add(RaftkvMethods.FrontEndReplace, (asked, call) => WriteAsync(RaftkvMethods.Replace, asked, call));
        services.Add(RaftkvMethods.StartServer, (asked, _) => ChangeAsync(
            () => _fleet.StartOneAsync(asked.Arg), $"Server {asked.Arg} started"));
        services.Add(RaftkvMethods.AddServer, (asked, call) => ChangeAsync(
            () => Membership.AddAsync(asked.Arg, RaftkvPatience.For(call, ChangeMax), call.Over), $"Server {asked.Arg} added"));
        services.Add(RaftkvMethods.RemoveServer, (asked, call) => ChangeAsync(
            () => Membership.RemoveAsync(asked.Arg, RaftkvPatience.For(call, ChangeMax), call.Over), $"Server {asked.Arg} removed"));
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        _routes?.Dispose();
    }

    private FleetMembership Membership => new(_fleet, Routes);

    private Task<Reply> StartAsync(int count) => ChangeAsync(
        async () =>
        {
            await _fleet.StartAllAsync(count);
            Routes.Forget();
        },
        $"RAFT cluster started with {count} servers");

    private async Task<Reply> ChangeAsync(Func<Task> change, string done)
    {
        try
        {
            await change();
            options.Note(done);
            return new Reply { Value = done };
        }
        catch (FleetException problem)
        {
            options.Note($"{problem.Message}: {problem.Why}");
            return new Reply { WrongLeader = true, Error = problem.Message };
        }
    }

    private async Task<Reply> GetAsync(GetKey asked, ServerCall call)
    {
        if (_fleet.Numbers.Count == 0) return NoServers();
        var reply = await Routes.AskAsync(RaftkvMethods.Get, asked, RaftkvPatience.For(call, options.Patience), call.Over);
        return reply.Error.Length == 0 ? reply : new Reply { Error = "Key not found" };
    }

    private async Task<Reply> WriteAsync(GrpcMethod<KeyValueMessage, Reply> method, KeyValueMessage asked, ServerCall call)
    {
        if (_fleet.Numbers.Count == 0) return NoServers();
        var patience = RaftkvPatience.For(call, options.Patience);
        if (asked.RequestId > 0) return await Routes.AskAsync(method, asked, patience, call.Over);
        var line = _names.Take();
        try
        {
            var named = new KeyValueMessage { Key = asked.Key, Value = asked.Value, ClientId = line.Client, RequestId = line.Next() };
            return await Routes.AskAsync(method, named, patience, call.Over);
        }
        finally
        {
            _names.GiveBack(line);
        }
    }

    private static Reply NoServers() => new() { WrongLeader = true, Error = "No servers available" };
}

using Balsa.Adapters.Nodes;
using Balsa.Grpc;
using Balsa.Grpc.Server;
using Balsa.Protocol.Raftkv;
using Google.Protobuf;
using KeyValueMessage = Balsa.Protocol.Raftkv.KeyValue;

namespace Balsa.Adapters.Raftkv.Servers;

/// <summary>
/// What a server of CS 380D serves: keys and values, its state, and commands as its neighbours sent them. Until there is a node to
/// answer for, everything is answered as unavailable.
/// </summary>
public sealed class RaftkvServer(RaftkvOptions options)
{
    private IDialectNode? _node;
    private KvDesk? _desk;

    /// <summary>Begins to answer for a node that runs.</summary>
    public void Serve(IDialectNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        _node = node;
        Volatile.Write(ref _desk, new KvDesk(node, options.Forwards));
    }

    public void AddTo(ServiceTable services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Add(RaftkvMethods.GetState, (_, _) => StateAsync());
        services.Add(RaftkvMethods.Get, (asked, call) => GetAsync(asked, call));
        services.Add(RaftkvMethods.Put, (asked, call) => PutAsync(asked, call));
        services.Add(RaftkvMethods.Replace, (asked, call) => ReplaceAsync(asked, call));
        services.Add(RaftkvMethods.Ping, (_, _) => Task.FromResult(new GenericResponse { Success = Desk() is not null }));
        var commands = new CommandLines(Desk, options.Patience);
        services.Add(RaftkvMethods.SendCommand, commands.SendAsync);
        services.Add(RaftkvMethods.ClientCommand, commands.ClientAsync);
        Refuse(services, RaftkvMethods.RequestVote);
        Refuse(services, RaftkvMethods.AppendEntries);
        Refuse(services, RaftkvMethods.LogAcknowledgment);
        Refuse(services, RaftkvMethods.CourseVote);
        Refuse(services, RaftkvMethods.CourseAppend);
        Refuse(services, RaftkvMethods.CourseSnapshot);
    }

    /// <summary>As this server believes it, at once and without asking anybody.</summary>
    private async Task<State> StateAsync()
    {
        Desk();
        var report = await _node!.ReportAsync() ?? throw new GrpcException(StatusCode.ResourceExhausted, "too much is under way");
        if (report.Term > int.MaxValue)
            throw new GrpcException(StatusCode.OutOfRange, $"term {report.Term} is more than the course's messages can hold");
        return new State { Term = (int)report.Term, IsLeader = report.Leads };
    }

    private async Task<Reply> GetAsync(GetKey asked, ServerCall call) =>
        ReplyOf(await Desk().GetAsync(asked.Key, RaftkvPatience.For(call, options.Patience)));

    private async Task<Reply> PutAsync(KeyValueMessage asked, ServerCall call) => ReplyOf(await Desk().PutAsync(
        asked.Key, asked.Value, new KvCaller(asked.ClientId, asked.RequestId), RaftkvPatience.For(call, options.Patience)));

    private async Task<Reply> ReplaceAsync(KeyValueMessage asked, ServerCall call) => ReplyOf(await Desk().ReplaceAsync(
        asked.Key, asked.Value, new KvCaller(asked.ClientId, asked.RequestId), RaftkvPatience.For(call, options.Patience)));

    private Reply ReplyOf(KvResult result) => result.End switch
    {
        KvEnd.Done => new Reply { Value = result.Text },
        KvEnd.NotFound => new Reply { Error = result.Text },
        KvEnd.NotLeader => new Reply { WrongLeader = true, Error = $"not leader; leader={result.Leader}" },
        KvEnd.NoLeader when !options.Forwards => new Reply { WrongLeader = true, Error = "no leader" },
        KvEnd.Refused => throw new GrpcException(StatusCode.InvalidArgument, result.Text),
        KvEnd.Busy => throw new GrpcException(StatusCode.ResourceExhausted, result.Text),
        _ => throw new GrpcException(StatusCode.Unavailable, result.Text),
    };

    private KvDesk Desk() => Volatile.Read(ref _desk) ?? throw new GrpcException(StatusCode.Unavailable, "the server is starting");

    private static void Refuse<TRequest, TResponse>(ServiceTable services, GrpcMethod<TRequest, TResponse> method)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        services.Add(method, (_, _) => throw new GrpcException(
            StatusCode.FailedPrecondition,
            $"{method.Service}/{method.Name} is not taken from outsiders: members speak Balsa's peer protocol on this port"));
}

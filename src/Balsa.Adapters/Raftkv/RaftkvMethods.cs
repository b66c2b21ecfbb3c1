using Balsa.Grpc;
using Balsa.Protocol.Raftkv;
using Balsa.Protocol.RaftkvCourse;
using Balsa.Protocol.RaftkvNode;
using KeyValueMessage = Balsa.Protocol.Raftkv.KeyValue;

namespace Balsa.Adapters.Raftkv;

/// <summary>The methods of CS 380D, by the names that its clients call.</summary>
public static class RaftkvMethods
{
    private const string Entrance = "raftkv.FrontEnd", Store = "raftkv.KeyValueStore", Node = "raftkv.RaftNode", Course = "raftkv.Raft";

    public static GrpcMethod<IntegerArg, Reply> StartRaft { get; } = new(Entrance, "StartRaft");

    public static GrpcMethod<GetKey, Reply> FrontEndGet { get; } = new(Entrance, "Get");

    public static GrpcMethod<KeyValueMessage, Reply> FrontEndPut { get; } = new(Entrance, "Put");

    public static GrpcMethod<KeyValueMessage, Reply> FrontEndReplace { get; } = new(Entrance, "Replace");

    public static GrpcMethod<IntegerArg, Reply> StartServer { get; } = new(Entrance, "StartServer");

    public static GrpcMethod<IntegerArg, Reply> AddServer { get; } = new(Entrance, "AddServer");

    public static GrpcMethod<IntegerArg, Reply> RemoveServer { get; } = new(Entrance, "RemoveServer");

    public static GrpcMethod<Empty, State> GetState { get; } = new(Store, "GetState");

    public static GrpcMethod<GetKey, Reply> Get { get; } = new(Store, "Get");

    public static GrpcMethod<KeyValueMessage, Reply> Put { get; } = new(Store, "Put");

    public static GrpcMethod<KeyValueMessage, Reply> Replace { get; } = new(Store, "Replace");

    public static GrpcMethod<Empty, GenericResponse> Ping { get; } = new(Store, "ping");

    public static GrpcMethod<SendCommandRequest, SendCommandResponse> SendCommand { get; } = new(Node, "SendCommand");

    public static GrpcMethod<ClientRequest, ClientResponse> ClientCommand { get; } = new(Node, "ClientCommand");

    internal static GrpcMethod<VoteRequest, VoteResponse> RequestVote { get; } = new(Node, "RequestVote");

    internal static GrpcMethod<AppendEntriesRequest, AppendEntriesResponse> AppendEntries { get; } = new(Node, "AppendEntries");

    internal static GrpcMethod<LogAckRequest, LogAckResponse> LogAcknowledgment { get; } = new(Node, "LogAcknowledgment");

    internal static GrpcMethod<RequestVoteArgs, RequestVoteReply> CourseVote { get; } = new(Course, "RequestVoteRPC");

    internal static GrpcMethod<AppendEntriesArgs, AppendEntriesReply> CourseAppend { get; } = new(Course, "AppendEntriesRPC");

    internal static GrpcMethod<InstallSnapshotArgs, InstallSnapshotReply> CourseSnapshot { get; } = new(Course, "InstallSnapshotRPC");
}

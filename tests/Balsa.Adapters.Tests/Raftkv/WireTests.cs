using Balsa.Adapters.Raftkv;
using Balsa.Protocol.Raftkv;
using Balsa.Protocol.RaftkvNode;
using Google.Protobuf;
using KeyValueMessage = Balsa.Protocol.Raftkv.KeyValue;

namespace Balsa.Adapters.Tests.Raftkv;

/// <summary>The bytes of the course, written down by hand from its numbers.</summary>
public sealed class WireTests
{
    [Fact]
    [Row("S2-22")]
    public void Messages_of_clients_have_the_bytes_of_the_course()
    {
        Same("0a016b1201761807202a", new KeyValueMessage { Key = "k", Value = "v", ClientId = 7, RequestId = 42 });
        Same("0a016b1007182a", new GetKey { Key = "k", ClientId = 7, RequestId = 42 });
        Same("08011201651a0176", new Reply { WrongLeader = true, Error = "e", Value = "v" });
        Same("08031001", new State { Term = 3, IsLeader = true });
        Same("0805", new IntegerArg { Arg = 5 });
        Same("", new Empty());
    }

    [Fact]
    [Row("S2-22")]
    public void Messages_between_servers_have_the_bytes_of_the_course()
    {
        Same("0a05474554206b1007182a", new SendCommandRequest { Msg = "GET k", ClientId = 7, RequestId = 42 });
        Same("0801120176", new SendCommandResponse { Success = true, Message = "v" });
        Same("0a0347455412016b1a0176", new ClientRequest { Command = "GET", Key = "k", Value = "v" });
        Same("08011201761a0773657276657231", new ClientResponse { Success = true, Message = "v", LeaderHint = "server1" });
        Same("0a03733121100218032001", new LogAckRequest { FollowerId = "s1!", Term = 2, Ack = 3, Success = true });
    }

    [Fact]
    [Row("S2-22", "S2-79")]
    public void Methods_have_the_paths_of_the_course()
    {
        Assert.Equal("/raftkv.FrontEnd/StartRaft", RaftkvMethods.StartRaft.Path);
        Assert.Equal("/raftkv.FrontEnd/Put", RaftkvMethods.FrontEndPut.Path);
        Assert.Equal("/raftkv.KeyValueStore/GetState", RaftkvMethods.GetState.Path);
        Assert.Equal("/raftkv.KeyValueStore/ping", RaftkvMethods.Ping.Path);
        Assert.Equal("/raftkv.RaftNode/SendCommand", RaftkvMethods.SendCommand.Path);
        Assert.Equal("/raftkv.Raft/RequestVoteRPC", RaftkvMethods.CourseVote.Path);
    }

    private static void Same(string bytes, IMessage message) => Assert.Equal(bytes, Convert.ToHexStringLower(message.ToByteArray()));
}

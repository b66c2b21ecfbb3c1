using Balsa.Adapters.Raftkv;
using Balsa.Grpc;
using Balsa.Protocol.Raftkv;
using Balsa.Protocol.RaftkvNode;
using KeyValueMessage = Balsa.Protocol.Raftkv.KeyValue;

namespace Balsa.Course.Tests.Raftkv;

/// <summary>What clients of CS 380D are told, by one cluster of three real servers for all these tests.</summary>
[Collection(Controllers.Processes.Name)]
public sealed class AnswerTests(AnswerTests.Three three) : IClassFixture<AnswerTests.Three>
{
    private CourseCluster Cluster => three.Cluster;

    [Fact]
    [Row("S2-27", "S2-37", "S2-38", "S2-50", "S2-51", "M2-21")]
    public async Task Answers_have_the_words_of_the_course()
    {
        var put = await Cluster.PutAsync("there", "one");
        Assert.Equal((false, "", "one"), (put.WrongLeader, put.Error, put.Value));
        Assert.Equal("one", (await Cluster.GetAsync("there")).Value);
        Assert.Equal((false, "Key not found", ""), Parts(await Cluster.GetAsync("missing")));
        var missing = await Cluster.ServerAsync(1, RaftkvMethods.Get, new GetKey { Key = "missing" });
        Assert.Equal((false, "Key missing not found", ""), Parts(missing));
        var replace = new KeyValueMessage { Key = "missing", Value = "two" };
        Assert.Equal(
            (false, "Key missing not found for REPLACE operation", ""),
            Parts(await Cluster.FrontEndAsync(RaftkvMethods.FrontEndReplace, replace)));
        var there = new KeyValueMessage { Key = "there", Value = "two" };
        Assert.Equal((false, "", "two"), Parts(await Cluster.FrontEndAsync(RaftkvMethods.FrontEndReplace, there)));
        Assert.Equal("two", (await Cluster.GetAsync("there")).Value);
        Assert.Equal("Key not found", (await Cluster.GetAsync("missing")).Error);
    }

    [Theory]
    [Row("S2-14")]
    [InlineData("a key with spaces", "a value  with spaces ")]
    [InlineData("empty", "")]
    [InlineData("nul\0key", "nul\0value")]
    [InlineData("\U0001F6F6", "\U0001F332\U0001F332")]
    [Row("M2-18", "M2-19")]
    public async Task Any_text_comes_back_as_it_was(string key, string value)
    {
        Assert.Equal(value, (await Cluster.PutAsync(key, value)).Value);
        Assert.Equal((false, "", value), Parts(await Cluster.GetAsync(key)));
    }

    [Fact]
    [Row("S2-14")]
    public async Task A_value_of_a_mebibyte_comes_back_as_it_was()
    {
        var value = new string('v', 1 << 20);
        Assert.Equal("", (await Cluster.PutAsync("large", value)).Error);
        Assert.Equal(value, (await Cluster.GetAsync("large")).Value);
    }

    [Fact]
    [Row("S2-16", "S2-48", "M2-13", "M2-14", "M2-15")]
    public async Task A_request_with_a_name_happens_once_whoever_carries_it()
    {
        var named = new KeyValueMessage { Key = "once", Value = "first", ClientId = 7, RequestId = 42 };
        var replies = await Task.WhenAll(
            Cluster.FrontEndAsync(RaftkvMethods.FrontEndPut, named), Cluster.ServerAsync(1, RaftkvMethods.Put, named),
            Cluster.ServerAsync(2, RaftkvMethods.Put, named), Cluster.ServerAsync(3, RaftkvMethods.Put, named));
        Assert.All(replies, reply => Assert.Equal((false, "", "first"), Parts(reply)));
        await Cluster.PutAsync("once", "second");
        for (var server = 1; server <= 3; server++) await Cluster.ServerAsync(server, RaftkvMethods.Put, named);
        Assert.Equal("second", (await Cluster.GetAsync("once")).Value);

        // Of requests without a name each is one of its own.
        var unnamed = new KeyValueMessage { Key = "once", Value = "third", ClientId = 7 };
        await Cluster.FrontEndAsync(RaftkvMethods.FrontEndPut, unnamed);
        Assert.Equal("third", (await Cluster.GetAsync("once")).Value);
        await Cluster.PutAsync("once", "fourth");
        await Cluster.FrontEndAsync(RaftkvMethods.FrontEndPut, unnamed);
        Assert.Equal("third", (await Cluster.GetAsync("once")).Value);
    }

    [Fact]
    [Row("S2-40", "S2-25", "S2-26", "S2-79")]
    public async Task Each_server_takes_reads_and_writes_and_knows_its_state()
    {
        var leaders = 0;
        for (var server = 1; server <= 3; server++)
        {
            var put = new KeyValueMessage { Key = $"at {server}", Value = $"{server}" };
            Assert.Equal("", (await Cluster.ServerAsync(server, RaftkvMethods.Put, put)).Error);
            Assert.Equal($"{server}", (await Cluster.ServerAsync(server, RaftkvMethods.Get, new GetKey { Key = put.Key })).Value);
            Assert.True((await Cluster.ServerAsync(server, RaftkvMethods.Ping, new Empty())).Success);
            if ((await Cluster.StateAsync(server))!.IsLeader) leaders++;
        }

        Assert.Equal(1, leaders);
    }

    [Fact]
    [Row("S2-32", "S2-33", "S2-39", "M2-32")]
    public async Task Commands_as_text_are_taken_by_every_server()
    {
        for (var server = 1; server <= 3; server++)
        {
            Assert.True((await SendAsync(server, $"PUT text{server} two words")).Success);
            Assert.Equal("two words", (await SendAsync(server, $"GET text{server}")).Message);
            Assert.Equal("Invalid command format", (await SendAsync(server, "FOO")).Message);
            Assert.Equal("Invalid command format", (await SendAsync(server, "PUT alone")).Message);
            Assert.Equal("Key none not found for REPLACE operation", (await SendAsync(server, "REPLACE none x")).Message);
            var asked = new ClientRequest { Command = "get", Key = $"text{server}" };
            var answer = await Cluster.ServerAsync(server, RaftkvMethods.ClientCommand, asked);
            Assert.Equal((true, "two words"), (answer.Success, answer.Message));
        }
    }

    [Theory]
    [Row("S2-31", "S2-33")]
    [InlineData("raftkv.RaftNode", "RequestVote")]
    [InlineData("raftkv.RaftNode", "AppendEntries")]
    [InlineData("raftkv.RaftNode", "LogAcknowledgment")]
    [InlineData("raftkv.Raft", "RequestVoteRPC")]
    [InlineData("raftkv.Raft", "AppendEntriesRPC")]
    [InlineData("raftkv.Raft", "InstallSnapshotRPC")]
    [Row("M2-06", "M2-32")]
    public async Task Outsiders_can_neither_vote_nor_append(string service, string method)
    {
        var before = (await Cluster.StateAsync(1))!.Term;
        // Field 1 is the term in all of them.
        var asked = new GrpcMethod<IntegerArg, Empty>(service, method);
        var refused = await Assert.ThrowsAsync<GrpcException>(() => Cluster.ServerAsync(1, asked, new IntegerArg { Arg = 1_000_000 }));
        Assert.Equal(StatusCode.FailedPrecondition, refused.Code);
        Assert.Contains("peer protocol", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, (await Cluster.StateAsync(1))!.Term);
    }

    [Fact]
    [Row("S2-21", "S2-78")]
    public async Task The_usual_commands_work_on_the_same_port()
    {
        await Cluster.PutAsync("usual/a", "1");
        await Cluster.PutAsync("usual/b", "2");
        string[] at = ["--endpoints", $"127.0.0.1:{Cluster.BasePort + 1}", "--json"];
        var status = (await Cluster.RunAsync(["status", .. at])).Json;
        Assert.Equal(3, status.GetProperty("members").GetArrayLength());
        Assert.Contains("usual/b", (await Cluster.RunAsync(["ls", "usual/", .. at])).Out, StringComparison.Ordinal);
        await Cluster.RunAsync(["del", "usual/a", .. at]);
        Assert.Equal("Key not found", (await Cluster.GetAsync("usual/a")).Error);
    }

    [Fact]
    [Row("S2-27")]
    public async Task An_empty_key_and_a_reserved_one_are_refused_with_the_reason()
    {
        foreach (var key in (string[])["", "_balsa/client/7"])
        {
            var refused = await Assert.ThrowsAsync<GrpcException>(() => Cluster.PutAsync(key, "x"));
            Assert.Equal(StatusCode.InvalidArgument, refused.Code);
        }
    }

    private Task<SendCommandResponse> SendAsync(int server, string text) =>
        Cluster.ServerAsync(server, RaftkvMethods.SendCommand, new SendCommandRequest { Msg = text });

    private static (bool, string, string) Parts(Reply reply) => (reply.WrongLeader, reply.Error, reply.Value);

    /// <summary>Three servers and their front end.</summary>
    public sealed class Three : IAsyncLifetime
    {
        internal CourseCluster Cluster { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Cluster = await CourseCluster.StartAsync();
            await Cluster.StartRaftAsync(3);
        }

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }
}

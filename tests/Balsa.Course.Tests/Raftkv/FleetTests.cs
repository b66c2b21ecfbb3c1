using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Balsa.Adapters.Raftkv;
using Balsa.Grpc;
using Balsa.Protocol.Raftkv;
using Balsa.System.Tests;
using Command = Balsa.System.Tests.Cli;
using KeyValueMessage = Balsa.Protocol.Raftkv.KeyValue;

namespace Balsa.Course.Tests.Raftkv;

/// <summary>Servers of CS 380D as processes: how they are named, started, ended, added and removed.</summary>
[Collection(Controllers.Processes.Name)]
public sealed class FleetTests
{
    [Fact]
    [Row("S2-04", "S2-06", "S2-08", "S2-09", "S2-42", "S2-43", "S2-44")]
    public async Task Each_server_is_one_process_that_its_own_name_finds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "command lines of processes are read from /proc");
        await using var cluster = await CourseCluster.StartAsync();
        await cluster.StartRaftAsync(3);
        for (var server = 1; server <= 3; server++)
        {
            var pid = Assert.Single(cluster.PidsOf($"raftserver{server}"));
            Assert.Equal($"raftserver{server}\n", File.ReadAllText($"/proc/{pid}/comm"));
            Assert.Contains("ready to serve", cluster.FileText($"raftserver{server}_output.log"), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(cluster.Folder, $"raftserver{server}_error.log")));
        }

        Assert.DoesNotContain("raftserver", CourseCluster.CommandLineOf(cluster.FrontEndPid), StringComparison.Ordinal);
        using var servers = JsonDocument.Parse(cluster.FileText("servers.json"));
        Assert.Equal(3, servers.RootElement.EnumerateObject().Count());
        var second = servers.RootElement.GetProperty("server2");
        Assert.Equal(cluster.BasePort + 1, second.GetProperty("port").GetInt32());
        Assert.Equal($"localhost:{cluster.BasePort + 1}", second.GetProperty("address").GetString());
        Assert.Equal(3, JsonDocument.Parse(cluster.FileText("cluster_size.json")).RootElement.GetProperty("size").GetInt32());
    }

    [Fact]
    [Row("S2-05", "S2-57", "S2-79", "M2-11", "M2-25")]
    public async Task Who_was_killed_leaves_the_members_and_returns_with_its_data()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "command lines of processes are read from /proc");
        await using var cluster = await CourseCluster.StartAsync();
        await cluster.StartRaftAsync(3);
        await cluster.PutAsync("kept", "yes");
        await cluster.KillAsync(2);
        await CourseCluster.UntilAsync(() => Members(cluster) is ["server1", "server3"], "server2 is still one of the living");
        Assert.Single(cluster.PidsOf("raftserver1"));
        Assert.Single(cluster.PidsOf("raftserver3"));
        // Files are for people: nothing hangs on them.
        File.Delete(Path.Combine(cluster.Folder, "servers.json"));
        Assert.Equal("", (await cluster.PutAsync("more", "yes")).Error);
        var reply = await cluster.FrontEndAsync(RaftkvMethods.StartServer, new IntegerArg { Arg = 2 });
        Assert.Equal("Server 2 started", reply.Value);
        Assert.Equal(["server1", "server2", "server3"], Members(cluster));
        await CourseCluster.UntilAsync(() => cluster.StateAsync(2).Result is not null, "server2 does not answer");
        Assert.Equal("yes", (await cluster.ServerAsync(2, RaftkvMethods.Get, new GetKey { Key = "kept" })).Value);
    }

    [Theory]
    [Row("S2-03", "S2-08")]
    [InlineData("node")]
    [InlineData("node", "abc")]
    [InlineData("node", "raftserver0")]
    [InlineData("node", "raftserver10")]
    [InlineData("node", "raftserver1", "--election-timeout-ms", "60", "--heartbeat-ms", "50")]
    [InlineData("frontend", "--election-timeout-ms", "60", "--heartbeat-ms", "50")]
    [InlineData("frontend", "--listen", "nowhere")]
    public async Task Wrong_words_are_wrong_usage_and_say_what_is_right(params string[] words)
    {
        using var cli = new Command();
        var result = await cli.RunAsync(words);
        Assert.Equal(2, result.Code);
        Assert.Contains("next: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Row("S2-45")]
    public async Task An_occupied_port_names_its_server_and_nothing_is_left_running()
    {
        await using var cluster = await CourseCluster.StartAsync();
        Assert.Equal("No servers available", (await cluster.GetAsync("early")).Error);
        using (var taken = new TcpListener(IPAddress.Loopback, cluster.BasePort + 2))
        {
            taken.Start();
            var reply = await cluster.FrontEndAsync(RaftkvMethods.StartRaft, new IntegerArg { Arg = 5 });
            Assert.Equal((true, "Server 3 failed to start"), (reply.WrongLeader, reply.Error));
            if (OperatingSystem.IsLinux()) Assert.Empty(cluster.PidsOf("raftserver"));
        }

        Assert.Equal(
            "Server 10 failed to start", (await cluster.FrontEndAsync(RaftkvMethods.StartRaft, new IntegerArg { Arg = 10 })).Error);
        await cluster.StartRaftAsync(1);
    }

    [Fact]
    [Row("S2-43", "S2-74", "M2-17")]
    public async Task Another_start_replaces_the_cluster_and_its_data()
    {
        await using var cluster = await CourseCluster.StartAsync();
        await cluster.StartRaftAsync(3);
        await cluster.PutAsync("old", "data");
        await cluster.StartRaftAsync(1);
        Assert.Equal("Key not found", (await cluster.GetAsync("old")).Error);
        if (OperatingSystem.IsLinux()) Assert.Single(cluster.PidsOf("raftserver"));
    }

    [Fact]
    [Row("S2-46", "M2-31")]
    public async Task A_front_end_that_was_killed_leaves_nothing_in_the_way_and_strangers_are_not_touched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a process is named by bash");
        using var stranger = Process.Start(new ProcessStartInfo("bash", ["-c", "exec -a raftserver1 sleep 300"]))!;
        try
        {
            await using var cluster = await CourseCluster.StartAsync();
            await cluster.StartRaftAsync(3);
            cluster.KillFrontEnd();
            await cluster.StartFrontEndAsync();
            await cluster.StartRaftAsync(3);
            Assert.Equal("v", (await cluster.PutAsync("k", "v")).Value);
            Assert.False(stranger.HasExited);
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    [Row("S2-23", "S2-60", "M2-26", "M2-27")]
    public async Task Every_link_has_the_port_of_the_rule()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sources need several loopback addresses");
        await using var cluster = await CourseCluster.StartAsync();
        await cluster.StartRaftAsync(3);
        var sources = cluster.BasePort - 2001;
        var expected = new List<(int, int)>();
        for (var from = 1; from <= 3; from++)
            for (var to = 1; to <= 3; to++)
                if (from != to) expected.Add((sources + (from - 1) * 3 + to, cluster.BasePort + to - 1));
        await CourseCluster.UntilAsync(() => expected.All(Links(cluster).Contains), "not every link is there");
        await cluster.KillAsync(3);
        await cluster.FrontEndAsync(RaftkvMethods.StartServer, new IntegerArg { Arg = 3 });
        await CourseCluster.UntilAsync(() => expected.All(Links(cluster).Contains), "the links did not come back");
    }

    [Fact]
    [Row("S2-34", "S2-47", "S2-49", "M2-20", "M2-22", "M2-23", "M2-07")]
    public async Task Without_a_quorum_a_put_is_unavailable_in_time_and_servers_still_say_their_state()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "command lines of processes are read from /proc");
        await using var cluster = await CourseCluster.StartAsync();
        await cluster.StartRaftAsync(3);
        await cluster.PutAsync("k", "before");
        await cluster.KillAsync(1);
        Assert.Equal("", (await cluster.PutAsync("k", "with two")).Error);
        await cluster.KillAsync(2);
        var refused = await Assert.ThrowsAsync<GrpcException>(() => cluster.PutAsync("k", "alone"));
        Assert.Equal(StatusCode.Unavailable, refused.Code);
        Assert.NotNull(await cluster.StateAsync(3));
        await cluster.FrontEndAsync(RaftkvMethods.StartServer, new IntegerArg { Arg = 1 });
        await cluster.LeaderAsync(3);
        Assert.Contains((await cluster.GetAsync("k")).Value, (string[])["with two", "alone"]);
    }

    [Fact]
    [Row("S2-40")]
    public async Task Without_forwarding_a_server_says_who_leads_and_does_nothing()
    {
        await using var cluster = await CourseCluster.StartAsync("--no-forwarding");
        await cluster.StartRaftAsync(3);
        var leader = await cluster.LeaderAsync(3);
        var put = new KeyValueMessage { Key = "k", Value = "v" };
        var reply = await cluster.ServerAsync(leader % 3 + 1, RaftkvMethods.Put, put);
        Assert.Equal((true, $"not leader; leader=server{leader}"), (reply.WrongLeader, reply.Error));
        Assert.Equal("Key not found", (await cluster.GetAsync("k")).Error);
        Assert.Equal("v", (await cluster.FrontEndAsync(RaftkvMethods.FrontEndPut, put)).Value);
    }

    [Fact]
    [Row("S2-69", "S2-35")]
    public async Task A_server_joins_with_all_data_and_another_one_leaves_for_good()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "command lines of processes are read from /proc");
        await using var cluster = await CourseCluster.StartAsync();
        await cluster.StartRaftAsync(3);
        await cluster.PutAsync("k", "v");
        Assert.Equal("Server 4 added", (await cluster.FrontEndAsync(RaftkvMethods.AddServer, new IntegerArg { Arg = 4 })).Value);
        Assert.Equal("v", (await cluster.ServerAsync(4, RaftkvMethods.Get, new GetKey { Key = "k" })).Value);
        Assert.Equal("Server 4 failed to start", (await cluster.FrontEndAsync(RaftkvMethods.AddServer, new IntegerArg { Arg = 4 })).Error);
        Assert.Equal("Server 1 removed", (await cluster.FrontEndAsync(RaftkvMethods.RemoveServer, new IntegerArg { Arg = 1 })).Value);
        Assert.Empty(cluster.PidsOf("raftserver1"));
        Assert.Equal(["server2", "server3", "server4"], Members(cluster));
        Assert.Equal("w", (await cluster.PutAsync("k", "w")).Value);
        var gone = await cluster.FrontEndAsync(RaftkvMethods.RemoveServer, new IntegerArg { Arg = 1 });
        Assert.Equal("Server 1 is not in the cluster", gone.Error);
    }

    [Fact]
    [Row("S2-10", "S2-11", "S2-12", "S2-13", "S2-41", "S2-15")]
    public async Task A_server_that_is_told_to_end_says_so_and_its_state_can_be_exported()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "command lines of processes are read from /proc");
        await using var cluster = await CourseCluster.StartAsync();
        await cluster.StartRaftAsync(1);
        await cluster.PutAsync("plain", "one");
        var named = new KeyValueMessage { Key = "named", Value = "two words", ClientId = 7, RequestId = 42 };
        await cluster.FrontEndAsync(RaftkvMethods.FrontEndPut, named);
        await cluster.FrontEndAsync(RaftkvMethods.FrontEndReplace, new KeyValueMessage { Key = "plain", Value = "three" });
        using (var server = Process.GetProcessById(Assert.Single(cluster.PidsOf("raftserver1"))))
        {
            Process.Start("kill", ["-TERM", $"{server.Id}"]).WaitForExit();
            await server.WaitForExitAsync();
        }

        Assert.Contains("Node server1 successfully shut down", cluster.FileText("raftserver1_output.log"), StringComparison.Ordinal);
        var directory = Assert.Single(Directory.GetDirectories(Path.Combine(cluster.Folder, "data")));
        var state = (await cluster.RunAsync("doctor", "data", directory, "--export-state")).Json;
        Assert.Equal("three", state.GetProperty("data").GetProperty("plain").GetString());
        Assert.Equal("two words", state.GetProperty("request_history").GetProperty("7_42").GetString());
        Assert.Equal("server1", state.GetProperty("voted_for").GetString());
        Assert.True(state.GetProperty("current_term").GetInt32() > 0);
        var log = state.GetProperty("log").EnumerateArray().ToList();
        Assert.Equal(log.Count - 1, state.GetProperty("commit_index").GetInt32());
        Assert.Equal(Enumerable.Range(0, log.Count), log.Select(entry => entry.GetProperty("index").GetInt32()));
        var put = Assert.Single(log, entry => entry.GetProperty("client_id").GetInt64() == 7);
        Assert.Equal(("PUT", "named"), (put.GetProperty("command").GetString(), put.GetProperty("key").GetString()));
        Assert.Contains(log, entry => entry.GetProperty("command").GetString() == "REPLACE");
    }

    private static List<string> Members(CourseCluster cluster)
    {
        try
        {
            using var members = JsonDocument.Parse(cluster.FileText("cluster_members.json"));
            return [.. members.RootElement.GetProperty("members").EnumerateArray().Select(one => one.GetString()!)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>Ports from which servers have dialled each other.</summary>
    private static HashSet<(int, int)> Links(CourseCluster cluster) =>
    [
        .. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
            .Where(one => one.State == TcpState.Established && one.LocalEndPoint.Port < cluster.BasePort)
            .Select(one => (one.LocalEndPoint.Port, one.RemoteEndPoint.Port)),
    ];
}

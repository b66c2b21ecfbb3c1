using System.Text.Json;

namespace Balsa.Course.Tests.Controllers;

[Collection(Processes.Name)]
public sealed class UnicastTests(FiveNodes five) : IClassFixture<FiveNodes>
{
    [Fact]
    [Row("S0-01", "S0-20")]
    public async Task Each_of_five_nodes_names_the_same_leader()
    {
        using var controller = new OldController();
        Assert.Contains(await LeaderAsync(controller), Enumerable.Range(1, 5).Select(node => $"Node{node}"));
    }

    [Fact]
    [Row("S0-02", "S1-03", "S2-01", "S4-04", "S4-08", "M1-06")]
    public async Task The_status_shows_what_Rafts_figure_has()
    {
        using var controller = new OldController();
        var leader = NumberOf(await LeaderAsync(controller));
        var info = (await controller.AskOneAsync(five.AddressOf(leader), "STATUS")).GetProperty("value");
        foreach (var name in (string[])["term", "votedFor", "state", "log", "timeout", "heartbeat_interval", "members", "votes", "leader",
            "commit_index", "last_applied", "next_index", "match_index", "last_contact_ms", "role"])
            Assert.True(info.TryGetProperty(name, out _), $"{name} is missing in {info}");
        Assert.Equal("leader", info.GetProperty("role").GetString());
        await OldController.UntilAsync("level", async () =>
        {
            var now = (await controller.AskOneAsync(five.AddressOf(leader), "STATUS")).GetProperty("value");
            var match = now.GetProperty("match_index").EnumerateObject().Select(one => one.Value.GetInt64()).ToList();
            return match.Count == 4 && match.All(index => index == now.GetProperty("commit_index").GetInt64());
        });
    }

    [Fact]
    [Row("S1-12", "S1-18", "S1-19", "M3-15")]
    public async Task A_store_at_the_leader_is_in_the_log_of_each_node_and_at_a_follower_nothing_is_stored()
    {
        using var controller = new OldController();
        var leader = NumberOf(await LeaderAsync(controller));
        var ack = await controller.AskOneAsync(five.AddressOf(leader), "STORE", "\"Kept\"", "{\"a\":1}");
        Assert.True(ack.GetProperty("success").GetBoolean());
        var refused = await controller.AskOneAsync(five.AddressOf(leader % 5 + 1), "STORE", "\"Misplaced\"", "1");
        Assert.Equal("LEADER_INFO", refused.GetProperty("request").GetString());
        Assert.Equal($"Node{leader}", refused.GetProperty("value").GetString());
        for (var node = 1; node <= 5; node++)
        {
            var address = five.AddressOf(node);
            await OldController.UntilAsync($"on Node{node}", async () => (await KeysAsync(address)).Contains("Kept"));
            Assert.DoesNotContain("Misplaced", await KeysAsync(address));
        }

        Assert.Equal("""{"a":1}""", (await five.Cli.DoAsync("get", "Kept")).Out.Trim());

        async Task<IEnumerable<string?>> KeysAsync(global::System.Net.IPEndPoint address) =>
            (await controller.AskAsync(address, "GETLOG")).SelectMany(part => part.GetProperty("value").EnumerateArray())
                .Select(entry => entry.GetProperty("Key").ToString());
    }

    [Fact]
    [Row("S0-18")]
    public async Task Whoever_is_told_to_time_out_raises_the_term_and_leads()
    {
        using var controller = new OldController();
        // It may lose against another candidate of the same moment; then it is told again.
        await OldController.UntilAsync("leading", async () =>
        {
            var chosen = NumberOf(await LeaderAsync(controller)) % 5 + 1;
            var before = await TermAsync(controller, chosen);
            controller.Send(five.AddressOf(chosen), "TIMEOUT");
            await OldController.UntilAsync("a new term", async () => await TermAsync(controller, chosen) > before);
            return await LeaderAsync(controller) == $"Node{chosen}";
        });
    }

    [Fact]
    [Row("S0-17")]
    public async Task A_leader_that_is_converted_follows_at_once_and_somebody_leads_again()
    {
        using var controller = new OldController();
        var leader = NumberOf(await LeaderAsync(controller));
        var before = await TermAsync(controller, leader);
        controller.Send(five.AddressOf(leader), "CONVERT_FOLLOWER");
        await OldController.UntilAsync("another term", async () =>
            await LeaderAsync(controller) is { } next && await TermAsync(controller, NumberOf(next)) > before);
    }

    [Fact]
    [Row("S0-21")]
    public async Task One_shot_commands_end_with_codes_that_scripts_can_use()
    {
        Assert.Equal(2, (await five.Cli.RunAsync("controller", "send", "Node9", "LEADER_INFO")).Code);
        Assert.Equal(2, (await five.Cli.RunAsync("controller", "send", "Node1", "DANCE")).Code);
        var silent = await five.Cli.RunAsync(
            "controller", "send", "Node1", "LEADER_INFO", "--timeout", "300ms", "--nodes", $"Node1=127.0.0.9:{five.Port}");
        Assert.Equal(3, silent.Code);
        Assert.Contains("next:", silent.Error, StringComparison.Ordinal);
        var asked = (await five.Cli.DoAsync("controller", "send", "Node1", "LEADER_INFO", "--json")).Json;
        var reply = asked.GetProperty("replies")[0].GetProperty("reply");
        Assert.Equal("LEADER", reply.GetProperty("key").GetString());
        Assert.StartsWith("Node", (await five.Cli.DoAsync("controller", "whois-leader")).Out, StringComparison.Ordinal);
    }

    [Fact]
    [Row("S1-11")]
    public async Task A_ping_counts_what_comes_back_and_fails_when_nothing_does()
    {
        var alive = (await five.Cli.DoAsync("controller", "ping", "Node2", "--count", "5", "--every", "50ms", "--json")).Json;
        Assert.Equal(5, alive.GetProperty("received").GetInt32());
        var gone = await five.Cli.RunAsync("controller", "ping", "Node2", "--count", "2", "--every", "50ms", "--timeout", "100ms", "--json",
            "--nodes", $"Node2=127.0.0.9:{five.Port}");
        Assert.NotEqual(0, gone.Code);
        Assert.Equal(100, gone.Json.GetProperty("lossPercent").GetDouble());
    }

    [Fact]
    [Row("S1-22", "M1-22")]
    public async Task The_prompt_prints_every_answer_with_who_said_it()
    {
        using var prompt = five.Cli.Start("controller");
        using var controller = new OldController();
        var leader = await LeaderAsync(controller);
        await prompt.StandardInput.WriteAsync($"{leader} STORE first 1\n{leader} STORE second 2\n");
        prompt.StandardInput.Close();
        var said = await prompt.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await prompt.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, said.Split('\n').Count(line => line.Contains($" {leader} {{", StringComparison.Ordinal)
            && line.Contains("\"success\":true", StringComparison.Ordinal)));
    }

    [Fact]
    [Row("S3-24")]
    public async Task A_cycle_of_six_requests_stores_what_it_says()
    {
        var cycle = await five.Cli.DoAsync("controller", "--cycle", "--steps", "6", "--wait", "100ms", "--every", "300ms");
        Assert.Equal(6, cycle.Out.Split('\n').Count(line => line.StartsWith("Sending Request: {", StringComparison.Ordinal)));
        Assert.Contains("Controller Received the following message: {", cycle.Out, StringComparison.Ordinal);
        using var controller = new OldController();
        var parts = await controller.AskAsync(five.AddressOf(NumberOf(await LeaderAsync(controller))), "RETRIEVE");
        var keys = parts.SelectMany(part => part.GetProperty("value").EnumerateArray())
            .Select(entry => entry.GetProperty("Key").ToString());
        foreach (var key in (string[])["Cycle1", "Cycle3", "Cycle5"]) Assert.Contains(key, keys);
    }

    /// <summary>Whom all five name.</summary>
    private async Task<string> LeaderAsync(OldController controller)
    {
        string? found = null;
        await OldController.UntilAsync("agreed on a leader", async () =>
        {
            var named = new List<JsonElement>();
            for (var node = 1; node <= 5; node++)
                named.Add((await controller.AskOneAsync(five.AddressOf(node), "LEADER_INFO")).GetProperty("value"));
            found = named[0].ToString();
            return found.Length > 0 && named.All(one => one.ToString() == found);
        });
        return found!;
    }

    private async Task<long> TermAsync(OldController controller, int node) =>
        (await controller.AskOneAsync(five.AddressOf(node), "STATUS")).GetProperty("term").GetInt64();

    private static int NumberOf(string name) => int.Parse(name["Node".Length..], global::System.Globalization.CultureInfo.InvariantCulture);
}

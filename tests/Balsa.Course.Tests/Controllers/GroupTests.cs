namespace Balsa.Course.Tests.Controllers;

[Collection(Processes.Name)]
public sealed class GroupTests(FiveNodes five) : IClassFixture<FiveNodes>
{
    [Fact]
    [Row("S3-07", "S3-19")]
    public async Task Everybody_in_the_group_tells_its_status_and_one_of_them_leads()
    {
        using var controller = new OldController(five.Group);
        await LeaderAsync(controller);
        var told = await controller.AskAsync(five.Group, "STATUS", 5, recipient: "E");
        Assert.Equal(["Node1", "Node2", "Node3", "Node4", "Node5"], told.Select(one => one.GetProperty("sender_name").GetString()).Order());
        Assert.Single(told, one => one.GetProperty("value").GetProperty("state").GetString() == "l");
        Assert.All(told, one => Assert.Equal("Controller", one.GetProperty("recipient").GetString()));
        var single = await controller.AskAsync(five.Group, "STATUS", 1, recipient: "Node3");
        Assert.Equal("Node3", Assert.Single(single).GetProperty("sender_name").GetString());
    }

    [Fact]
    [Row("S3-11", "S3-12")]
    public async Task A_store_to_all_is_stored_once_and_the_others_name_the_leader()
    {
        using var controller = new OldController(five.Group);
        var leader = await LeaderAsync(controller);
        var told = await controller.AskAsync(five.Group, "STORE", 5, "\"Once\"", "\"Chicken\"", "E");
        var redirects = told.Where(one => one.GetProperty("request").GetString() == "LEADER_INFO").ToList();
        Assert.Equal(4, redirects.Count);
        Assert.All(redirects, one => Assert.Equal(leader, one.GetProperty("value").GetString()));
        var ack = Assert.Single(told, one => one.GetProperty("request").GetString() == "STORE");
        Assert.Equal("true", ack.GetProperty("success").GetString());
        var list = await controller.AskAsync(five.Group, "RETRIEVE", 5, recipient: "E");
        var entries = list.Where(one => one.GetProperty("request").GetString() == "RETRIEVE")
            .SelectMany(one => one.GetProperty("value").EnumerateArray());
        Assert.Single(entries, entry => entry.GetProperty("key").GetString() == "Once");
    }

    [Fact]
    [Row("S3-10")]
    public async Task A_leader_that_plays_dead_is_replaced_and_is_back_when_it_is_told_to_follow()
    {
        using var controller = new OldController(five.Group);
        var leader = await LeaderAsync(controller);
        controller.Send(five.Group, "PLAYDEAD", recipient: leader);
        await OldController.UntilAsync("replaced", async () => Leaders(await StatesAsync(controller)) is [var next] && next != leader);
        Assert.Equal("d", (await StatesAsync(controller))[leader]);
        controller.Send(five.Group, "FOLLOW", recipient: leader);
        await OldController.UntilAsync("back", async () => (await StatesAsync(controller))[leader] == "f");
        await LeaderAsync(controller);
    }

    [Fact]
    [Row("S3-08")]
    public async Task A_leader_that_is_told_to_follow_leads_no_more_in_its_term()
    {
        using var controller = new OldController(five.Group);
        var leader = await LeaderAsync(controller);
        var before = await TermAsync(controller, leader);
        controller.Send(five.Group, "FOLLOW", recipient: leader);
        await OldController.UntilAsync("another term", async () => await TermAsync(controller, await LeaderAsync(controller)) > before);
    }

    [Fact]
    [Row("S3-09")]
    public async Task A_follower_that_tries_to_lead_leads_and_a_leader_that_does_stays()
    {
        using var controller = new OldController(five.Group);
        await OldController.UntilAsync("leading", async () =>
        {
            var now = await LeaderAsync(controller);
            var chosen = Enumerable.Range(1, 5).Select(node => $"Node{node}").First(one => one != now);
            controller.Send(five.Group, "TRYLEAD", recipient: chosen);
            return await LeaderAsync(controller, chosen) == chosen;
        });
        var leader = await LeaderAsync(controller);
        var before = await TermAsync(controller, leader);
        controller.Send(five.Group, "TRYLEAD", recipient: leader);
        Assert.Equal(leader, await LeaderAsync(controller));
        Assert.Equal(before, await TermAsync(controller, leader));
    }

    [Fact]
    public async Task Whoever_lags_is_told_who_leads_by_all_and_gets_the_log_from_the_leader_alone()
    {
        using var controller = new OldController(five.Group);
        await LeaderAsync(controller);
        Assert.Equal(5, (await controller.AskAsync(five.Group, "LAGGING", 5, recipient: "E")).Count);
        var caught = await controller.AskAsync(five.Group, "CATCHMEUP", 1, recipient: "E");
        Assert.All(caught, one => Assert.Equal("Logs", one.GetProperty("key").GetString()));
        Assert.Single(caught.Select(one => one.GetProperty("sender_name").GetString()).Distinct());
    }

    /// <summary>Whom all five name; the wanted one if it comes to that within a moment.</summary>
    private async Task<string> LeaderAsync(OldController controller, string? wanted = null)
    {
        var (found, looks) = ("", 0);
        await OldController.UntilAsync("agreed on a leader", async () =>
        {
            var named = (await controller.AskAsync(five.Group, "LEADER_INFO", 5, recipient: "E")).Select(one => one.GetProperty("value").ToString()).ToList();
            found = named.FirstOrDefault("");
            var agree = named.Count == 5 && found.Length > 0 && named.All(one => one == found);
            return agree && (wanted is null || found == wanted || ++looks > 3);
        });
        return found;
    }

    private async Task<Dictionary<string, string>> StatesAsync(OldController controller) =>
        (await controller.AskAsync(five.Group, "STATUS", 5, recipient: "E")).ToDictionary(
            one => one.GetProperty("sender_name").GetString()!, one => one.GetProperty("value").GetProperty("state").GetString()!);

    private async Task<long> TermAsync(OldController controller, string node) =>
        (await controller.AskAsync(five.Group, "STATUS", 1, recipient: node))[0].GetProperty("term").GetInt64();

    private static List<string> Leaders(Dictionary<string, string> states) =>
        [.. states.Where(state => state.Value == "l").Select(state => state.Key)];
}

using System.Globalization;
using System.Text.Json;

namespace Balsa.Course.Tests.Controllers;

[Collection(Processes.Name)]
public sealed class KillTests(FiveNodes five) : IClassFixture<FiveNodes>
{
    private readonly HashSet<int> _dead = [];

    [Fact]
    [Row("S0-05", "S0-13", "S0-23", "S1-31", "M3-20")]
    public async Task Nodes_are_killed_and_come_back_and_what_was_stored_is_there()
    {
        using var controller = new OldController();
        var first = await LeaderAsync(controller);
        Assert.True(await StoreAsync(controller, first, "before"));
        var term = await TermAsync(controller, first);
        await KillAsync(first);
        var second = await LeaderAsync(controller);
        Assert.NotEqual(first, second);
        Assert.True(await TermAsync(controller, second) > term);
        await RestartAsync(first);
        await OldController.UntilAsync("a follower that has caught up", async () =>
            await StatusAsync(controller, first) is { } back && back.GetProperty("role").GetString() == "follower"
            && CommitOf(back) >= CommitOf((await StatusAsync(controller, second))!.Value));

        var others = Enumerable.Range(1, 5).Where(node => node != second).ToArray();
        await KillAsync(others[0]);
        await KillAsync(others[1]);
        Assert.True(await StoreAsync(controller, await LeaderAsync(controller), "with two down"));
        await KillAsync(others[2]);
        Assert.False(await StoreAsync(controller, second, "with three down"));

        foreach (var node in (int[])[second, others[3]]) await KillAsync(node);
        for (var node = 1; node <= 5; node++) await RestartAsync(node);
        var last = await LeaderAsync(controller);
        Assert.True(await StoreAsync(controller, last, "after"));
        var keys = (await controller.AskAsync(five.AddressOf(last), "RETRIEVE"))
            .SelectMany(part => part.GetProperty("value").EnumerateArray()).Select(entry => entry.GetProperty("Key").GetString()).ToList();
        Assert.Superset(new HashSet<string?> { "before", "with two down", "after" }, keys.ToHashSet());
    }

    private async Task KillAsync(int node)
    {
        await five.Cli.DoAsync("fault", "kill", $"n{node}");
        _dead.Add(node);
    }

    private async Task RestartAsync(int node)
    {
        await five.Cli.DoAsync("fault", "restart", $"n{node}");
        _dead.Remove(node);
    }

    private async Task<bool> StoreAsync(OldController controller, int node, string key) =>
        await controller.AskOneAsync(five.AddressOf(node), "STORE", $"\"{key}\"", "1") is var told
        && told.TryGetProperty("success", out var success) && success.GetBoolean();

    /// <summary>Whom all that run name.</summary>
    private async Task<int> LeaderAsync(OldController controller)
    {
        var found = "";
        await OldController.UntilAsync("agreed on a leader", async () =>
        {
            var named = new List<string>();
            foreach (var node in Enumerable.Range(1, 5).Where(node => !_dead.Contains(node)))
                named.Add((await controller.AskOneAsync(five.AddressOf(node), "LEADER_INFO")).GetProperty("value").ToString());
            found = named[0];
            return found.Length > 0 && named.All(one => one == found) && !_dead.Contains(NumberOf(found));
        });
        return NumberOf(found);
    }

    private async Task<JsonElement?> StatusAsync(OldController controller, int node) =>
        (await controller.AskOneAsync(five.AddressOf(node), "STATUS")).GetProperty("value");

    private static long CommitOf(JsonElement status) => status.GetProperty("commit_index").GetInt64();

    private async Task<long> TermAsync(OldController controller, int node) =>
        (await StatusAsync(controller, node))!.Value.GetProperty("term").GetInt64();

    private static int NumberOf(string name) => int.Parse(name["Node".Length..], CultureInfo.InvariantCulture);
}

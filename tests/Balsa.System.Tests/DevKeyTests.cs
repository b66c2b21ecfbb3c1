using System.Globalization;
using System.Text.RegularExpressions;

namespace Balsa.System.Tests;

/// <summary>The first minutes of a user: `balsa dev` with its keys, and a second terminal beside it.</summary>
public sealed partial class DevKeyTests
{
    [Fact]
    [Row("S3-27")]
    public async Task Keys_kill_pause_and_cut_off_the_leader_and_no_acknowledged_write_is_lost()
    {
        using var cli = new Cli();
        await using var dev = new DevTerminal(cli, "--load", "true");
        Assert.Contains("balsa ", await dev.WaitForAsync("dev cluster"), StringComparison.Ordinal);
        Assert.Matches(@"n3 +client 127\.0\.0\.1:\d+ +peer 127\.0\.0\.1:\d+ +pid \d+ +\d+ ms", await dev.WaitForAsync("✓ n3"));
        await dev.WaitForAsync("q quit");
        // Something must have been promised before it can be lost.
        await cli.DoAsync("wait", "--revision", "20");

        await dev.PressAsync("k");
        await dev.WaitForAsync("killed (it led term");
        await dev.WaitForAsync("stands for election in term");
        await dev.WaitForAsync("leads term");
        AssertNothingLost(await dev.WaitForAsync("writes work again"));
        await dev.PressAsync("r");
        AssertNothingLost(await dev.WaitForAsync("writes work again"));

        await dev.PressAsync("p");
        await dev.WaitForAsync("paused (it led term");
        AssertNothingLost(await dev.WaitForAsync("writes work again"));
        await dev.PressAsync("c");
        await dev.WaitForAsync("runs again");
        await cli.DoAsync("wait", "--healthy");

        await dev.PressAsync("i");
        await dev.WaitForAsync("cut off from the others (it led term");
        AssertNothingLost(await dev.WaitForAsync("writes work again"));
        await dev.PressAsync("s");
        await dev.WaitForAsync("is cut off from the other members on purpose");
        await dev.PressAsync("h");
        await dev.WaitForAsync("hears the others again");
        await cli.DoAsync("wait", "--healthy");

        await dev.PressAsync("2k");
        await dev.WaitForAsync("n2 killed");
        await dev.PressAsync("l");
        Assert.Contains("load off, 0 acknowledged writes lost", await dev.WaitForAsync("load off"), StringComparison.Ordinal);
        await dev.PressAsync("q");
        Assert.Equal(0, await dev.EndAsync());
        Assert.Equal(6, (await cli.RunAsync("status")).Code);
    }

    [Fact]
    public async Task A_second_terminal_breaks_and_mends_nodes_and_is_told_what_it_did()
    {
        using var cli = new Cli();
        await using var dev = await DevRun.StartAsync(cli, "--load", "true");
        await cli.DoAsync("wait", "--revision", "20");
        var paused = (await cli.DoAsync("fault", "pause", "leader", "--json")).Json;
        Assert.Equal(0, paused.GetProperty("lost").GetInt64());
        Assert.True(paused.GetProperty("checked").GetInt64() > 0);
        Assert.InRange(paused.GetProperty("gapMs").GetDouble(), 1, 15_000);
        Assert.Equal(8, (await cli.RunAsync("status", "--check")).Code);
        Assert.Equal(8, (await cli.RunAsync("wait", "--healthy", "--timeout", "1s")).Code);
        // A paused member takes connections and never answers: whoever asks it goes elsewhere.
        await cli.DoAsync("put", "while", "paused");
        await cli.DoAsync("fault", "resume", "all");
        await cli.DoAsync("wait", "--healthy");

        var isolated = await cli.DoAsync("fault", "isolate", "follower");
        Assert.Contains("writes work again", isolated.Out, StringComparison.Ordinal);
        await dev.WaitForAsync("without one member", status => status.GetProperty("members").EnumerateArray().Any(member =>
            member.GetProperty("isolated").GetBoolean() && member.GetProperty("believes").GetString() == ""));
        Assert.Equal(1, (await cli.RunAsync("fault", "resume", "all")).Code);
        Assert.Equal(1, (await cli.RunAsync("fault", "kill", "n9")).Code);
        await cli.DoAsync("fault", "heal", "all");
        await cli.DoAsync("wait", "--healthy");
    }

    [Fact]
    public async Task A_member_that_needs_no_other_goes_on_when_it_is_cut_off()
    {
        using var cli = new Cli();
        await using var dev = await DevRun.StartAsync(cli, "--nodes", "1");
        // The switch is about other members alone; clients still reach it.
        Assert.Contains("cut off", (await cli.DoAsync("fault", "isolate", "n1")).Out, StringComparison.Ordinal);
        await cli.DoAsync("put", "a", "1");
    }

    [Fact]
    public async Task Scripts_wait_for_what_they_need_and_are_told_when_it_does_not_come()
    {
        using var cli = new Cli();
        await using var dev = await DevRun.StartAsync(cli);
        await cli.DoAsync("wait", "--leader", "--timeout", "20s");
        var waiting = cli.RunAsync("wait", "--key", "job=done", "--timeout", "60s", "--json");
        await cli.DoAsync("put", "job", "begun");
        var revision = (await cli.DoAsync("put", "job", "done", "--json")).Json.GetProperty("revision").GetInt64();
        Assert.Equal(0, (await waiting).Code);
        await cli.DoAsync("wait", "--revision", revision.ToString(CultureInfo.InvariantCulture), "--healthy");
        Assert.Equal(4, (await cli.RunAsync("wait", "--key", "nothing", "--timeout", "300ms")).Code);
        Assert.Equal(2, (await cli.RunAsync("wait")).Code);

        var top = await cli.DoAsync("top", "--once");
        Assert.Contains("healthy   3 of 3 members up", top.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", top.Out, StringComparison.Ordinal);
        Assert.Equal("balsa.status/1", (await cli.DoAsync("top", "--once", "--json")).Json.GetProperty("schema").GetString());
        var leader = (await cli.DoAsync("leader", "--json")).Json;
        var status = await dev.StatusAsync();
        // There may have been an election in between; in one term only one leads.
        if (status.GetProperty("term").GetUInt64() == leader.GetProperty("term").GetUInt64())
            Assert.Equal(status.GetProperty("leader").GetString(), leader.GetProperty("leader").GetString());
    }

    private static void AssertNothingLost(string line)
    {
        var match = Verdict().Match(line);
        Assert.True(match.Success, line);
        Assert.InRange(double.Parse(match.Groups["gap"].Value, CultureInfo.InvariantCulture), 0.001, 15);
        Assert.Equal("0", match.Groups["lost"].Value);
        Assert.NotEqual("0", match.Groups["checked"].Value);
    }

    [GeneratedRegex(
        @"gap (?<gap>[0-9.]+) s, (?<lost>\d+) acknowledged writes lost \(checked (?<checked>\d+)\)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Verdict();
}

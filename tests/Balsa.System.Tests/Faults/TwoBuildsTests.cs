namespace Balsa.System.Tests.Faults;

/// <summary>Members change their build under load. Here both builds are this one, under two paths; `--other` takes a real one.</summary>
[Collection(Alone.Name)]
public sealed class TwoBuildsTests(ITestOutputHelper report)
{
    [Fact]
    public async Task A_cluster_goes_to_another_build_and_back_and_loses_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "processes are ended by signals");
        using var cli = new Cli();
        var ended = await cli.DoAsync("chaos", "two-builds", "--other", AppContext.BaseDirectory, "--rounds", "2", "--seed", "1", "--json");
        var found = ended.Json;
        report.WriteLine($"{found}");
        Assert.Equal("linearizable", found.GetProperty("verdict").GetString());
        Assert.True(found.GetProperty("acknowledged").GetInt32() > 50, ended.Out);
        Assert.Equal((4, 4), (found.GetProperty("upgrades").GetInt32(), found.GetProperty("downgrades").GetInt32()));
        foreach (var zero in new[] { "lost", "doubled" }) Assert.Equal(0, found.GetProperty(zero).GetInt32());
    }

    [Fact]
    public async Task A_directory_without_a_build_is_refused_with_what_was_looked_for()
    {
        using var cli = new Cli();
        var ended = await cli.RunAsync("chaos", "two-builds", "--other", cli.Folder);
        Assert.Equal(2, ended.Code);
        Assert.Contains("balsa.dll", ended.Error, StringComparison.Ordinal);
    }
}

namespace Balsa.System.Tests.Faults;

/// <summary>Short campaigns; `balsa chaos power-cut --rounds 50` is a long one.</summary>
[Collection(Alone.Name)]
public sealed class PowerCutTests
{
    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public async Task What_was_acknowledged_survives_a_power_cut(string fileSystem)
    {
        Needs.Mounts(fileSystem);
        using var cli = new Cli();
        var report = (await cli.DoAsync("chaos", "power-cut", "--filesystem", fileSystem, "--rounds", "3", "--json")).Json;
        Assert.Equal(3, report.GetProperty("rounds").GetInt32());
        Assert.Equal(fileSystem, report.GetProperty("filesystem").GetString());
        foreach (var zero in new[] { "lost", "invented", "falseAlarms" }) Assert.Equal(0, report.GetProperty(zero).GetInt64());
    }

    [Fact]
    public async Task A_disk_that_only_says_that_it_has_synced_is_found_out()
    {
        Needs.Mounts("ext4");
        Needs.Tracing();
        using var cli = new Cli();
        var found = await cli.RunAsync("chaos", "power-cut", "--rounds", "8", "--lying-syncs", "--json");
        Assert.Equal(1, found.Code);
        var report = found.Json;
        Assert.True(report.GetProperty("lost").GetInt64() + report.GetProperty("falseAlarms").GetInt64() > 0, found.Out);
    }
}

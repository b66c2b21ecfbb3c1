using System.Text.Json;
using Balsa.Course.Tests.Controllers;

namespace Balsa.Course.Tests.Images;

/// <summary>What the compose files start works when processes take the place of containers.</summary>
[Collection(Processes.Name)]
public sealed class LauncherTests
{
    [Theory]
    [InlineData("compose.yml")]
    [InlineData("multicast.yml")]
    [Row("S0-01", "S1-27", "S3-20", "S3-21")]
    public async Task The_services_of_the_file_elect_one_leader_obey_their_controller_and_say_when_they_are_healthy(string name)
    {
        var file = ComposeFile.Read(name);
        using var services = new ServicesAsProcesses(file);
        foreach (var node in file.Nodes) services.Start(node);
        foreach (var node in file.Nodes)
            await OldController.UntilAsync($"{node.Name} healthy", async () =>
            {
                Assert.True(services.IsRunning(node), $"{node.Name} ended");
                return (await services.HealthAsync(node)).Code == 0;
            });

        var controller = file["controller"];
        var leader = "";
        await OldController.UntilAsync("one leader", async () =>
        {
            var (code, told) = await services.RunAsync(controller, ["controller", "whois-leader", "--json"]);
            if (code != 0) return false;
            leader = JsonDocument.Parse(told.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement
                .GetProperty("leader").GetString()!;
            return true;
        });
        var first = file.Nodes.Single(node => node.Text("container_name") == leader);
        var status = (await services.HealthAsync(first)).Out;
        Assert.Contains("5 of 5", status, StringComparison.Ordinal);

        // SHUTDOWN ends the node with success, so that an engine with restart "no" lets it be, and its health check notices.
        Assert.Equal(0, (await services.RunAsync(controller, ["controller", "send", leader, "SHUTDOWN"])).Code);
        Assert.Equal(0, await services.EndAsync(first));
        Assert.NotEqual(0, (await services.HealthAsync(first)).Code);
    }

    [Fact]
    [Row("S3-23")]
    public async Task The_prompt_of_the_controller_service_reads_what_is_typed_and_ends_with_it()
    {
        var file = ComposeFile.Read("compose.yml");
        using var services = new ServicesAsProcesses(file);
        var (code, told) = await services.RunAsync(file["controller"], file["controller"].Command);
        Assert.True(code == 0, told);
        Assert.DoesNotContain("error", told, StringComparison.Ordinal);
    }
}

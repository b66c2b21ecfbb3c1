using Balsa.Hosting.Errors;
using Balsa.Hosting.Members;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Balsa.Hosting.Tests.Hosts;

/// <summary>Every mistake has its message, with the name of the setting and what to write.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Good_settings_have_no_problems() => Assert.Empty(SettingsCheck.Problems(Good()));

    [Theory]
    [InlineData("NodeId", "", "NodeId is missing", "Write one of n1, n2")]
    [InlineData("NodeId", "n9", "NodeId is \"n9\", and Peers has no such name", "Write one of n1, n2")]
    [InlineData("DataDirectory", " ", "DataDirectory is missing", "data/n1")]
    [InlineData("Cluster", "", "Cluster is empty", "shop")]
    [InlineData("Peers:n2", "10.0.0.2", "Peers:n2: \"10.0.0.2\" is not an address of a member: it has no port", "http://10.0.0.1:2380")]
    [InlineData("Peers:n2", "127.0.0.1:5101", "Peers:n2 is \"127.0.0.1:5101\", and so is Peers:n1", "an address of its own")]
    [InlineData("Peers:n1", "node-1.example:5101", "Listen is missing", "0.0.0.0:5001")]
    [InlineData("Listen", "here", "Listen is \"here\"", "0.0.0.0:5001")]
    [InlineData("ElectionTimeout", "00:00:00.001", "ElectionTimeout is 00:00:00.0010000", "from 10 ms to 10 minutes")]
    [InlineData("HeartbeatInterval", "00:00:00.200", "HeartbeatInterval is 00:00:00.2000000", "Leave HeartbeatInterval out")]
    [InlineData("RequestTimeout", "00:00:00", "RequestTimeout is 00:00:00", "00:00:10")]
    [InlineData("SnapshotEvery", "0", "SnapshotEvery is 0", "10000")]
    [InlineData("SegmentBytes", "1000", "SegmentBytes is 1000", "4194304")]
    public async Task A_host_with_a_wrong_setting_does_not_start_and_says_why(string setting, string value, string what, string next)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var values = new Dictionary<string, string?>
        {
            ["Raft:NodeId"] = "n1", ["Raft:DataDirectory"] = "unused", ["Raft:Peers:n1"] = "127.0.0.1:5101",
            ["Raft:Peers:n2"] = "127.0.0.1:5102", [$"Raft:{setting}"] = value,
        };
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(builder.Configuration, values);
        builder.AddRaft<Ledger>();
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        var problem = Assert.Single(refused.Failures);
        Assert.StartsWith("Raft:" + what, problem, StringComparison.Ordinal);
        Assert.Contains(next, problem, StringComparison.Ordinal);
        Assert.False(Directory.Exists("unused"));
    }

    [Fact]
    public async Task All_mistakes_are_told_at_once()
    {
        var settings = Good() with { NodeId = "n9", DataDirectory = "", SnapshotEvery = 0 };

        var refused = await Assert.ThrowsAsync<ImpossibleSettingsException>(
            () => RaftMember<Ledger>.StartAsync(settings, RaftModel.Of<Ledger>()));

        Assert.Equal(3, refused.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void No_peers_at_all_is_told_with_an_example()
    {
        var problem = Assert.Single(SettingsCheck.Problems(Good() with { Peers = [] }));

        Assert.Contains("\"n2\": \"10.0.0.2:5001\"", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_cannot_be_saved_is_refused_before_anything_starts()
    {
        var commands = new Commands.CommandCatalog<Looping>().Add<Loop, bool>();
        var model = new RaftModel<Looping> { NewState = () => new Looping(), Commands = commands };

        var refused = await Assert.ThrowsAsync<ImpossibleSettingsException>(() => RaftMember<Looping>.StartAsync(Good(), model));

        Assert.Contains("A new Looping cannot be saved and read back", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_of_another_member_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("balsa-hosting-").FullName;
        try
        {
            var ports = Local.FreePorts.Take(2);
            var one = new RaftSettings
            {
                NodeId = "n1", DataDirectory = folder,
                Peers = new() { ["n1"] = $"127.0.0.1:{ports[0]}", ["n2"] = $"127.0.0.1:{ports[1]}" },
            };
            await (await RaftMember<Ledger>.StartAsync(one, RaftModel.Of<Ledger>())).DisposeAsync();

            var refused = await Assert.ThrowsAsync<Node.NodeStartException>(
                () => RaftMember<Ledger>.StartAsync(one with { NodeId = "n2" }, RaftModel.Of<Ledger>()));

            Assert.Contains("n2 cannot use the directory", refused.What, StringComparison.Ordinal);
            Assert.Contains("correct NodeId", refused.Next, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static RaftSettings Good() => new()
    {
        NodeId = "n1", DataDirectory = "unused", Peers = new() { ["n1"] = "127.0.0.1:5101", ["n2"] = "http://127.0.0.1:5102" },
    };

    internal sealed class Looping
    {
        public Looping Self => this;
    }

    internal sealed record Loop : ICommand<Looping, bool>
    {
        public bool Apply(Looping state, ApplyContext context) => true;
    }
}

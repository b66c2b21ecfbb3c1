using Balsa.Cli.Commands.Servers;
using Balsa.Server;

namespace Balsa.Cli.Tests.Servers;

public sealed class NodeSettingsTests
{
    [Fact]
    public void A_node_that_is_told_nothing_is_alone_on_loopback()
    {
        var options = Read();
        Assert.Equal("default.balsa", options.DataDirectory);
        Assert.Equal("127.0.0.1:2380", options.ListenPeer.ToString());
        Assert.Equal("default=http://127.0.0.1:2380", options.Founding.Peers.ToString());
        Assert.True(options.Founding.MayFound);
    }

    [Fact]
    public void A_bare_number_is_milliseconds_as_in_etcd()
    {
        var options = Read(("heartbeat-interval", "100"), ("election-timeout", "1s"));
        Assert.Equal(TimeSpan.FromMilliseconds(100), options.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(1), options.ElectionTimeout);
    }

    [Fact]
    public void Existing_means_that_nothing_is_founded() =>
        Assert.False(Read(("initial-cluster-state", "existing")).Founding.MayFound);

    [Theory]
    [InlineData("name", "a,b", "is no name")]
    [InlineData("initial-cluster", "n1", "cannot be understood")]
    [InlineData("initial-cluster", "n2=http://127.0.0.1:1", "does not name default")]
    [InlineData("initial-cluster", "default=http://127.0.0.1:1", "says http://127.0.0.1:2380")]
    [InlineData("initial-cluster-state", "old", "cannot be")]
    [InlineData("listen-client-urls", "http://a.example:2379", "cannot be understood")]
    [InlineData("listen-client-urls", "http://127.0.0.1:1,http://127.0.0.1:2", "more than one")]
    [InlineData("listen-client-urls", "http://0.0.0.0:2379", "advertise-client-urls is missing")]
    [InlineData("listen-peer-urls", "https://127.0.0.1:2380", "https")]
    [InlineData("election-timeout", "60ms", "does not go with")]
    [InlineData("election-timeout", "soon", "cannot be")]
    [InlineData("snapshot-count", "9", "cannot be")]
    [InlineData("wal-segment-bytes", "100", "cannot work")]
    [InlineData("found-without", "n7", "names n7")]
    [InlineData("auto-replace-wiped", "yes", "cannot be")]
    [InlineData("pre-vote", "false", "cannot be")]
    [InlineData("auto-compaction-mode", "sometimes", "mode cannot be")]
    [InlineData("auto-compaction-retention", "ten", "retention cannot be")]
    [InlineData("auto-compaction-retention", "-1h", "retention cannot be")]
    [InlineData("lease-reads", "maybe", "cannot be")]
    public void A_bad_value_is_refused_with_the_reason(string name, string value, string what)
    {
        var wrong = Assert.Throws<SettingException>(() => Read((name, value)));
        Assert.Contains(what, wrong.Problem.What + wrong.Problem.Why, StringComparison.Ordinal);
        Assert.NotEmpty(wrong.Problem.Why);
    }

    [Theory]
    [InlineData("log-level", "loud", "log-level cannot be")]
    [InlineData("log-level", "1", "log-level cannot be")]
    [InlineData("log-format", "xml", "log-format cannot be")]
    [InlineData("log-outputs", ",", "log-outputs is empty")]
    public void A_log_that_cannot_be_is_refused(string name, string value, string what) => Assert.Contains(
        what, Assert.Throws<SettingException>(() => new NodeSettings(new Dictionary<string, string> { [name] = value }).Log()).Problem.What,
        StringComparison.Ordinal);

    [Fact]
    public void Flags_for_compaction_and_leases_reach_the_node()
    {
        Assert.Null(Read().LeaseReads);
        Assert.Equal(Server.Compaction.AutoCompaction.Off, Read().Compaction);
        var told = Read(("auto-compaction-mode", "revision"), ("auto-compaction-retention", "500"), ("lease-reads", "false"));
        Assert.Equal((false, 500L), (told.LeaseReads, told.Compaction.Revisions));
    }

    [Fact]
    public void A_file_has_lines_of_names_and_values()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "# a node\nname: 'n1'\ndata-dir: /d   # here\n\ninitial-cluster-token: \"t\"\n");
            var read = SettingFile.Read(path);
            Assert.Equal(("n1", "/d", "t"), (read["name"], read["data-dir"], read["initial-cluster-token"]));
            File.WriteAllText(path, "name: n1\nclient-transport-security:\n  cert-file: x\n");
            Assert.Contains("line 3", Assert.Throws<SettingException>(() => SettingFile.Read(path)).Problem.What, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static NodeOptions Read(params (string Name, string Value)[] values) =>
        new NodeSettings(values.ToDictionary(one => one.Name, one => one.Value)).Read();
}

using Balsa.Cli.Dev.Faults;
using Balsa.Cli.Dev.Prompt;

namespace Balsa.Cli.Tests.Cluster;

public sealed class NodeEventTests
{
    [Theory]
    [InlineData("10:42:31.402 n3 stands for election (Candidate) in term 2", "n3 stands for election in term 2")]
    [InlineData("10:42:31.402 n3 stands for election (PreCandidate) in term 1", "n3 hears no leader and asks whether it may stand")]
    [InlineData("10:42:31.402 n3 leads term 2", "n3 leads term 2")]
    [InlineData("10:42:31.402 n3 leads term 2 [info role.leads]", "n3 leads term 2")]
    [InlineData("10:42:31.402 n3 error: the node stops: [no] [error server.fatal]", "n3 error: the node stops: [no]")]
    [InlineData("10:42:31.402 n3 warning: the log has reached half of its limit", "n3 warning: the log has reached half of its limit")]
    [InlineData("error: the node stops: no", "n3 error: the node stops: no")]
    [InlineData("10:42:31.402 n3 follows n2 in term 2", null)]
    [InlineData("", null)]
    public void Events_of_a_node_are_told_in_words(string line, string? text) => Assert.Equal(text, NodeEvents.Of("n3", line)?.Text);

    [Fact]
    public void A_ledger_counts_what_is_gone_among_all_that_was_promised()
    {
        var ledger = new LoadLedger();
        var keys = Enumerable.Range(0, 5000).Select(_ =>
        {
            var key = ledger.NewKey();
            ledger.Acknowledge(key);
            return key;
        }).ToList();
        Assert.Equal(5000, keys.Distinct().Count());
        Assert.Equal(new LoadVerdict(0, 5000), ledger.Verdict());
        ledger.Lose([keys[3], keys[3], keys[7]]);
        ledger.Retire(ledger.Oldest()!.Value);
        Assert.Equal(new LoadVerdict(2, 5000), ledger.Verdict());
        Assert.Equal(3000, ledger.Copy().Values.Sum(generation => generation.Count));
        Assert.Null(ledger.Oldest());
    }

    [Theory]
    [InlineData('k', "kill", "leader")]
    [InlineData('r', "restart", "all")]
    [InlineData('p', "pause", "leader")]
    [InlineData('i', "isolate", "leader")]
    public void Keys_mean_faults(char key, string operation, string target) => Assert.Equal((operation, target), DevKeys.FaultOf(key));
}

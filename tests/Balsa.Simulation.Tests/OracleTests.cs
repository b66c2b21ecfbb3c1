using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Oracles;
using Balsa.Simulation.Running;
using Balsa.Simulation.Storage;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Tests;

/// <summary>Each oracle speaks when it should: one that cannot fail proves nothing.</summary>
public sealed class OracleTests
{
    private readonly Verdicts _verdicts = new();

    [Fact]
    public void Two_leaders_of_one_term_are_seen()
    {
        var oracle = new OneLeaderATerm(_verdicts);
        oracle.OnLeads(0, 1, new(3));
        oracle.OnLeads(0, 1, new(3));
        Assert.Null(_verdicts.First);
        oracle.OnLeads(1, 2, new(3));
        Assert.Equal("one leader a term", _verdicts.First?.Oracle);
    }

    [Fact]
    public void The_same_leader_after_a_restart_is_another_one()
    {
        var oracle = new OneLeaderATerm(_verdicts);
        oracle.OnLeads(0, 1, new(3));
        oracle.OnLeads(0, 2, new(3));
        Assert.NotNull(_verdicts.First);
    }

    [Fact]
    public void Different_histories_of_one_entry_are_seen()
    {
        var oracle = new LogMatching(_verdicts);
        oracle.OnAppended(0, Id(2, 5), 77);
        oracle.OnAppended(1, Id(3, 5), 78);
        oracle.OnAppended(1, Id(2, 5), 77);
        Assert.Null(_verdicts.First);
        oracle.OnAppended(1, Id(2, 5), 79);
        Assert.Equal("log matching", _verdicts.First?.Oracle);
    }

    [Fact]
    public void Two_votes_of_one_directory_are_seen()
    {
        var oracle = new Promises(_verdicts);
        oracle.OnVoted(new(7), new(4), new(1));
        oracle.OnVoted(new(7), new(4), new(1));
        oracle.OnVoted(new(8), new(4), new(2));
        Assert.Null(_verdicts.First);
        oracle.OnVoted(new(7), new(4), new(2));
        Assert.Equal("one vote a term", _verdicts.First?.Oracle);
    }

    [Fact]
    public void Another_applied_history_and_a_step_back_are_seen()
    {
        var oracle = new Applying(_verdicts, new CommittedLog());
        var node = Node();
        oracle.Check(node, new(1), 5);
        oracle.Check(node, new(1), 5);
        Assert.Null(_verdicts.First);
        oracle.Check(node, new(1), 6);
        Assert.Equal("state machine safety", _verdicts.First?.Oracle);
    }

    [Fact]
    public void A_term_that_falls_is_seen()
    {
        var oracle = new NothingGoesBack(_verdicts);
        var node = Node();
        oracle.OnStep(node, new(4), new(2), new(1));
        Assert.Null(_verdicts.First);
        oracle.OnStep(node, new(3), new(2), new(1));
        Assert.Equal("nothing goes back", _verdicts.First?.Oracle);
    }

    [Fact]
    public void Runaway_terms_are_seen()
    {
        var oracle = new BoundedTerms(_verdicts);
        oracle.OnTerm(new(9), 0, 1000, 3, 0);
        Assert.Null(_verdicts.First);
        oracle.OnTerm(new(900), 10_000, 1000, 3, 0);
        Assert.Equal("bounded terms", _verdicts.First?.Oracle);
    }

    [Fact]
    public void Configurations_without_a_common_member_are_seen()
    {
        var oracle = new MembershipRules(_verdicts, new CommittedLog());
        oracle.OnConfigurationCommitted(Configuration.OfVoters(1, 2, 3), Configuration.OfVoters(1, 2, 3, 4));
        Assert.Null(_verdicts.First);
        oracle.OnConfigurationCommitted(Configuration.OfVoters(1, 2, 3), Configuration.OfVoters(1, 4, 5));
        Assert.Equal("membership", _verdicts.First?.Oracle);
    }

    [Fact]
    public void A_commit_that_no_quorum_has_on_disk_is_seen()
    {
        var nodes = new List<SimulatedNode> { Node(0), Node(1), Node(2) };
        var oracle = new CommittedIsDurable(_verdicts, nodes);
        var configuration = Configuration.OfVoters(1, 2, 3);
        var entry = new StoredEntry(new EntryRef(Id(1, 1), EntryKind.Noop, 0, 0, default), null, 42);
        nodes[0].Disk.Durable.Log.Append(entry);
        nodes[1].Disk.Durable.Log.Append(entry);
        oracle.OnCommitted(nodes[0], configuration, configuration, new(1), 42);
        Assert.Null(_verdicts.First);
        nodes[1].Disk.Durable.Log.TruncateFrom(new(1));
        oracle.OnCommitted(nodes[0], configuration, configuration, new(1), 42);
        Assert.Equal("committed is durable", _verdicts.First?.Oracle);
    }

    private static EntryId Id(ulong term, ulong index) => new(new Term(term), new LogIndex(index));

    private static SimulatedNode Node(int slot = 0) =>
        new(new World(new SimulationRequest { Seed = 1 }), slot, Configuration.OfVoters(1, 2, 3));
}

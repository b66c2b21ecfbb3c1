using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Replica.Contracts;
using Balsa.Simulation.FullWorld;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Running;
using Balsa.Storage;
using Balsa.Storage.Opening;

namespace Balsa.Simulation.Tests.FullWorld;

/// <summary>Whoever says that it leads is looked at: its votes, its log, its disk, and whether it is the only one.</summary>
public sealed class LeaderJudgeTests
{
    private static readonly Configuration Three = Configuration.OfVoters(1, 2, 3);

    private readonly FullRun _world = new(new SimulationRequest { Seed = 1, World = WorldKind.Full });

    public LeaderJudgeTests()
    {
        for (var slot = 0; slot < 3; slot++) _world.Nodes.Add(new FullNode(slot, Three, _ => 0));
    }

    [Fact]
    public void A_leader_with_the_votes_of_a_quorum_and_all_that_was_committed_is_sound()
    {
        Commit(index: 1);
        Elect(0, term: 2);
        Lead(0, term: 2, entries: 1);
        Assert.Null(Spoken);
    }

    [Fact]
    public void A_leader_without_the_votes_of_a_quorum_is_seen()
    {
        Lead(0, term: 2);
        Assert.Equal("votes of a quorum", Spoken);
    }

    [Fact]
    [Row("S1-30")]
    public void A_leader_without_what_was_committed_is_seen()
    {
        Commit(index: 1);
        Elect(0, term: 2);
        Lead(0, term: 2);
        Assert.Equal("leader completeness", Spoken);
    }

    [Fact]
    public void Two_leaders_of_one_term_are_seen()
    {
        Elect(0, term: 2);
        Lead(0, term: 2);
        Assert.Null(Spoken);
        Lead(1, term: 2);
        Assert.Equal("one leader a term", Spoken);
    }

    [Fact]
    public void A_vote_that_is_not_on_disk_is_seen()
    {
        _world.Judges.OnSend(_world.Nodes[1], Vote(0, new Term(2)));
        Assert.Equal("durable promises", Spoken);
    }

    [Fact]
    public void A_second_vote_in_a_term_is_seen()
    {
        Elect(0, term: 2);
        Assert.Null(Spoken);
        Elect(1, term: 2);
        Assert.Equal("one vote a term", Spoken);
    }

    private string? Spoken => _world.Verdicts.First?.Oracle;

    private static LogOperation Append(ulong index) => new(LogOperationKind.Append, new IoSeq(index))
    {
        Entries = [new ReplicaEntry(new EntryRef(new EntryId(new Term(1), new LogIndex(index)), EntryKind.Data, 0, 7, default), default)],
    };

    private Message Vote(int candidate, Term term) =>
        new() { Kind = MessageKind.VoteResponse, To = _world.Nodes[candidate].Id, Term = term };

    private void Commit(ulong index)
    {
        var truth = new DirectoryTruth(Three, _ => 0);
        truth.Write(Append(index));
        _world.Judges.History.Add(truth.Written[new LogIndex(index)], new Term(1));
    }

    private void Elect(int candidate, ulong term)
    {
        foreach (var node in _world.Nodes)
        {
            node.Truth.Durable.HardState = new HardState(new Term(term), _world.Nodes[candidate].Id);
            _world.Judges.OnSend(node, Vote(candidate, new Term(term)));
        }
    }

    private void Lead(int slot, ulong term, ulong entries = 0)
    {
        var node = _world.Nodes[slot];
        for (var index = 1UL; index <= entries; index++) node.Truth.Write(Append(index));
        var options = new OpeningOptions
        {
            Path = FullNode.Directory, Owner = new DirectoryIdentity(FullOptions.Cluster, node.Id, node.Incarnation), Founding = Three,
        };
        node.Life = (ulong)slot + 1;
        node.Process = new Process(_world, node, options, new NodeClock(0, 0, 1000), new Dice(1))
        {
            Machine = new PretendedLeader(new Term(term), Three),
        };
        node.Process.Sights.BeginLife(node.Truth);
        _world.Judges.AfterTurn(node);
    }
}

using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica.Contracts;
using Balsa.Simulation.FullWorld;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.FullWorld.Wires;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Running;
using Balsa.Simulation.Stores.Requests;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Steps;
using Balsa.Transport.Codec;

namespace Balsa.Simulation.Tests.FullWorld;

/// <summary>What no planted mistake brings about is told to the judges as a lie: each of them can speak.</summary>
public sealed class LieTests
{
    private static readonly Configuration Three = Configuration.OfVoters(1, 2, 3);

    private readonly FullRun _world = new(new SimulationRequest { Seed = 1, World = WorldKind.Full });

    public LieTests()
    {
        for (var slot = 0; slot < 3; slot++) _world.Nodes.Add(new FullNode(slot, Three, _ => 0) { Build = 1 });
    }

    private string? Spoken => _world.Verdicts.First?.Oracle;

    [Fact]
    public void Two_logs_with_different_entries_of_one_name()
    {
        foreach (var (slot, crc) in new[] { (0, 7U), (1, 8U) })
        {
            _world.Nodes[slot].Truth.Write(Append(1, crc));
            Assert.Null(Spoken);
            _world.Judges.OnAppended(_world.Nodes[slot], new LogIndex(1));
        }

        Assert.Equal("log matching", Spoken);
    }

    [Fact]
    public void A_leader_that_cuts_its_own_log()
    {
        var node = Live(0, term: 2, entries: 2);
        _world.Judges.AfterTurn(node);
        node.Truth.Write(new LogOperation(LogOperationKind.Truncate, new IoSeq(9)) { From = new LogIndex(2) });
        _world.Verdicts.Forget();
        _world.Judges.AfterTurn(node);
        Assert.Equal("leader append-only", Spoken);
    }

    [Fact]
    public void A_member_whose_term_falls()
    {
        var node = Live(0, term: 2);
        _world.Judges.AfterTurn(node);
        _world.Verdicts.Forget();
        node.Process!.Machine = new PretendedLeader(new Term(1), Three);
        _world.Judges.AfterTurn(node);
        Assert.Equal("nothing goes back", Spoken);
    }

    [Fact]
    public void A_term_that_no_time_explains()
    {
        _world.Judges.AfterTurn(Live(0, term: 1_000_000));
        Assert.Equal("bounded terms", Spoken);
    }

    [Fact]
    public void A_member_that_goes_by_other_members_than_its_log_names()
    {
        var node = Live(0, term: 0, configuration: Configuration.OfVoters(1, 2));
        _world.Judges.AfterTurn(node);
        Assert.Equal("membership", Spoken);
    }

    [Fact]
    public void A_level_that_a_member_does_not_understand()
    {
        var raised = Configuration.Found([.. Three.Members], default, featureLevel: 2);
        var bytes = new byte[ConfigurationCodec.Length(raised)];
        ConfigurationCodec.Write(raised, bytes);
        var entry = new EntryRef(Id(1), EntryKind.Configuration, (uint)bytes.Length, Crc32C.Of(bytes), default);
        _world.Nodes[0].Truth.Write(new LogOperation(LogOperationKind.Append, new IoSeq(1)) { Entries = [new ReplicaEntry(entry, bytes)] });
        _world.Builds.OnAppended(_world.Nodes[0]);
        Assert.Equal("levels rise with all members", Spoken);
    }

    [Fact]
    public void What_was_answered_and_lies_on_no_disk()
    {
        var truth = new DirectoryTruth(Three, _ => 0);
        truth.Write(Append(1, 7));
        _world.Judges.History.Add(truth.Written[new LogIndex(1)], new Term(1));
        var call = new Call(_world.Calls.NextNumber, 0, CallKind.Command) { Attempts = 1 };
        _world.Calls.Add(call);
        var entry = new CommandCodec().Put(new PutCommand { Key = "a"u8, Value = "v"u8 }, new EntryEnvelope { User = call.Number });
        EntryEnvelope.TryRead(entry, out var envelope, out var command);
        _world.Judges.OnApplied(_world.Nodes[0], LogIndex.Zero, Id(1), envelope, command, [0, 2, 0]);
        _world.Judges.Calls.OnDone(_world.Nodes[0], call, Id(1), _world.Judges.Applying.At(new LogIndex(1))!.Answer);
        Assert.Null(Spoken);
        _world.Finale.CheckDisks();
        Assert.Equal("answered is durable", Spoken);
    }

    [Fact]
    public void A_write_that_is_not_where_its_answer_says()
    {
        var call = new Call(_world.Calls.NextNumber, 0, CallKind.Command) { Attempts = 1 };
        _world.Calls.Add(call);
        _world.Judges.Calls.OnDone(_world.Nodes[0], call, Id(5), [0, 2, 0]);
        Assert.Equal("writes are where they are said to be", Spoken);
    }

    [Fact]
    public void A_read_that_shows_what_nobody_wrote()
    {
        var node = Live(0, term: 1);
        var store = new KeyValueStore<NoStoreProbe>(new StoreOptions());
        var entry = new CommandCodec().Put(new PutCommand { Key = "a"u8, Value = "v"u8 }, default);
        EntryEnvelope.TryRead(entry, out var envelope, out var command);
        store.Apply(Id(1), envelope, command);
        node.Process!.Views.Publish(store.Publish(ReaderFloor.None));
        _world.Judges.Calls.OnRead(node, new Call(0, 0, CallKind.LocalRead) { Query = new PlainRange([0], [0]) });
        Assert.Equal("reads fit the history", Spoken);
    }

    [Fact]
    public void A_damaged_frame_that_is_taken()
    {
        var desk = new FrameDesk(_world, _world.Wires, new StreamMishaps(_world, new Dice(1)), new Dice(1));
        desk.Judge(_world.Nodes[0], new Wire(1, 0, LinkPurpose.Consensus), FrameError.None, isDamaged: true);
        Assert.Equal("damaged bytes are refused", Spoken);
    }

    [Fact]
    public void Work_on_the_disk_that_throws()
    {
        var node = Live(0, term: 1);
        node.Process!.Lanes.Add("broken", Broken());
        _world.Lifecycle.ArmLanes(node);
        _world.Lifecycle.OnLanes(node, node.Process.LanesAt);
        Assert.Equal("planners hold", Spoken);
    }

    [Theory]
    [InlineData(4, "equal states")]
    [InlineData(5, null)]
    public void A_member_that_differs_at_an_entry_before_its_state_was_spoiled(ulong index, string? oracle)
    {
        var node = Live(0, term: 1);
        node.Process!.Store.Spoil(after: new LogIndex(4));
        _world.Lifecycle.OnDiverged(node, new LogIndex(index));
        Assert.Equal(oracle, Spoken);
    }

    [Fact]
    public void A_member_that_sees_a_sound_one_differ()
    {
        _world.Lifecycle.OnDiverged(Live(0, term: 1), new LogIndex(5));
        Assert.Equal("equal states", Spoken);
    }

    [Fact]
    public void A_stranger_who_is_let_in()
    {
        FullRun? world = null;
        world = new FullRun(new SimulationRequest
        {
            Seed = 2, World = WorldKind.Full,
            Listener = line =>
            {
                if (line.Contains("leads term", StringComparison.Ordinal)) Knock(world!);
            },
        });
        world.Run();
        Assert.Equal("strangers are refused", world.Verdicts.First?.Oracle);
    }

    /// <summary>With everything that only a member can know.</summary>
    private static void Knock(FullRun world)
    {
        if (world.Nodes.FirstOrDefault(one => one.IsServing) is not { } node) return;
        if (world.Nodes.LastOrDefault(one => one.IsServing && one != node) is not { } other) return;
        var hello = new PeerHello(FullOptions.Cluster, node.Id, other.Process!.Gateway!.Greet(), LinkPurpose.Consensus, "");
        world.Wires.Dialling.OnStranger(node, [.. HelloCodec.Preamble, .. HelloCodec.Write(hello)]);
    }

    private static IEnumerable<IoStep> Broken()
    {
        foreach (var name in (string[])["a mistake in a planner"]) throw new InvalidOperationException(name);
        yield break;
    }

    private static EntryId Id(ulong index) => new(new Term(1), new LogIndex(index));

    private static LogOperation Append(ulong index, uint crc) => new(LogOperationKind.Append, new IoSeq(index))
    {
        Entries = [new ReplicaEntry(new EntryRef(Id(index), EntryKind.Data, 0, crc, default), default)],
    };

    private FullNode Live(int slot, ulong term, ulong entries = 0, Configuration? configuration = null)
    {
        var node = _world.Nodes[slot];
        for (var index = 1UL; index <= entries; index++) node.Truth.Write(Append(index, 7));
        var options = new OpeningOptions
        {
            Path = FullNode.Directory, Owner = new DirectoryIdentity(FullOptions.Cluster, node.Id, node.Incarnation), Founding = Three,
        };
        node.Life = (ulong)slot + 1;
        node.State = NodeState.Up;
        node.Process = new Process(_world, node, options, new NodeClock(0, 0, 1000), new Dice(1))
        {
            Machine = new PretendedLeader(new Term(term), configuration ?? Three),
        };
        node.Process.Sights.BeginLife(node.Truth);
        return node;
    }
}

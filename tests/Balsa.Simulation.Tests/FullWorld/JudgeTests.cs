using Balsa.KeyValue.Commands;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica.Contracts;
using Balsa.Simulation.FullWorld;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Running;
using Balsa.Simulation.Storage;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.Tests.FullWorld;

/// <summary>Each judge speaks when it should: one that cannot fail proves nothing.</summary>
public sealed class JudgeTests
{
    private static readonly Configuration Three = Configuration.OfVoters(1, 2, 3);

    private readonly FullRun _world = new(new SimulationRequest { Seed = 1, World = WorldKind.Full });
    private readonly CommandCodec _codec = new();

    [Fact]
    public void Another_command_at_the_same_place_is_seen()
    {
        Apply(Node(0), 0, 1, "a");
        Apply(Node(1), 0, 1, "a");
        Assert.Null(Spoken);
        Apply(Node(2), 0, 1, "b");
        Assert.Equal("state machine safety", Spoken);
    }

    [Fact]
    [Row("S2-19")]
    public void A_command_that_is_applied_twice_or_left_out_is_seen()
    {
        Apply(Node(0), 0, 1, "a");
        Apply(Node(0), 1, 2, "b");
        Assert.Null(Spoken);
        Apply(Node(1), 0, 2, "b");
        Assert.Equal("each once, in order", Spoken);
    }

    [Fact]
    public void An_answer_that_is_not_the_models_is_seen()
    {
        Apply(Node(0), 0, 1, "a", spoils: true);
        Assert.Equal("answers fit the model", Spoken);
    }

    [Fact]
    public void A_member_that_answers_otherwise_than_the_others_is_seen()
    {
        Apply(Node(0), 0, 1, "a");
        Apply(Node(1), 0, 1, "a", spoils: true);
        Assert.Equal("equal answers", Spoken);
    }

    [Fact]
    public void A_command_that_nobody_asked_for_is_seen()
    {
        Apply(Node(0), 0, 1, "a", number: 77);
        Assert.Equal("nothing invented", Spoken);
    }

    [Fact]
    public void A_restored_state_that_nobody_ever_had_is_seen()
    {
        Apply(Node(0), 0, 1, "a");
        _world.Judges.OnAdopted(Node(1), new LogIndex(1));
        Assert.Null(Spoken);
        _world.Judges.OnAdopted(Node(1), new LogIndex(5));
        Assert.Equal("snapshots hold the history", Spoken);
    }

    [Fact]
    public void A_log_that_lost_what_was_durable_is_seen()
    {
        var truth = Truth(durable: 2, written: 3);
        foreach (var last in (ulong[])[2, 3]) Assert.True(truth.Explains(Image(last)));
        Assert.False(truth.Explains(Image(1)));
        Assert.False(truth.Explains(Image(3, spoiled: 2)));
    }

    [Fact]
    public void A_start_that_counts_no_later_boot_is_not_explained_by_the_same_log()
    {
        var truth = Truth(durable: 2, written: 2);
        truth.Durable.Boots = 1;
        Assert.False(truth.Explains(Image(2)));
        truth.Durable.Boots = 0;
        Assert.True(truth.Explains(Image(2)));
    }

    [Fact]
    public void A_start_without_what_was_durable_is_seen()
    {
        var node = Node(0);
        node.Truth.Write(Append(1));
        node.Truth.OnDurable(new IoSeq(1));
        Assert.False(_world.Judges.OnStart(node, Image(0)));
        Assert.Equal("durable is kept", Spoken);
    }

    [Fact]
    public void Damage_that_nobody_did_is_seen()
    {
        var image = Image(0);
        image.Mode = Raft.Recovery.RecoveryMode.Repairing;
        Assert.False(_world.Judges.OnStart(Node(0), image));
        Assert.Equal("no false alarm", Spoken);
    }

    [Fact]
    public void The_same_request_with_another_answer_is_seen()
    {
        var call = Ask(session: 9, request: 1);
        Apply(Node(0), 0, 1, "a", call.Number);
        Apply(Node(0), 1, 2, "a", call.Number);
        foreach (var index in (ulong[])[1, 2])
            _world.Judges.Calls.OnDone(Node(0), call, Id(index), _world.Judges.Applying.At(new LogIndex(index))!.Answer);
        Assert.Equal("exactly once", Spoken);
    }

    [Fact]
    public void A_write_that_is_said_to_be_older_than_its_call_is_seen()
    {
        var call = Ask();
        Apply(Node(0), 0, 1, "a", call.Number);
        call.Needs = new LogIndex(1);
        _world.Judges.Calls.OnDone(Node(0), call, Id(1), _world.Judges.Applying.At(new LogIndex(1))!.Answer);
        Assert.Equal("real-time order", Spoken);
    }

    private string? Spoken => _world.Verdicts.First?.Oracle;

    private static EntryId Id(ulong index) => new(new Term(1), new LogIndex(index));

    private FullNode Node(int slot)
    {
        while (_world.Nodes.Count <= slot) _world.Nodes.Add(new FullNode(_world.Nodes.Count, Three, _ => 0));
        return _world.Nodes[slot];
    }

    private Call Ask(ulong session = 0, ulong request = 0)
    {
        var call = new Call(_world.Calls.NextNumber, 0, CallKind.Command) { Session = session, Request = request, Attempts = 9 };
        _world.Calls.Add(call);
        return call;
    }

    private void Apply(FullNode node, ulong before, ulong index, string key, ulong? number = null, bool spoils = false)
    {
        while (!_world.Calls.Knows(index)) Ask();
        var envelope = new EntryEnvelope { User = number ?? index };
        var entry = _codec.Put(new PutCommand { Key = System.Text.Encoding.UTF8.GetBytes(key), Value = "v"u8 }, envelope);
        EntryEnvelope.TryRead(entry, out envelope, out var command);
        // A put that keeps nothing of before is answered by error, revision, and the number of previous values.
        byte[] answer = [0, (byte)(1 + index), (byte)(spoils ? 1 : 0)];
        _world.Judges.OnApplied(node, new LogIndex(before), Id(index), envelope, command, answer);
    }

    private static DirectoryTruth Truth(ulong durable, ulong written)
    {
        var truth = new DirectoryTruth(Three, _ => 0);
        for (var index = 1UL; index <= written; index++) truth.Write(Append(index));
        truth.OnDurable(new IoSeq(durable));
        return truth;
    }

    private static LogOperation Append(ulong index) =>
        new(LogOperationKind.Append, new IoSeq(index)) { Entries = [Entry(index, 0)] };

    private static ReplicaEntry Entry(ulong index, uint spoils) =>
        new(new EntryRef(Id(index), EntryKind.Data, 0, (uint)index + spoils, default), default);

    private static DiskImage Image(ulong last, ulong spoiled = 0)
    {
        var image = new DiskImage(Three) { Boots = 1 };
        for (var index = 1UL; index <= last; index++)
            image.Log.Append(DirectoryTruth.Store(Entry(index, index == spoiled ? 1000U : 0), image.Log));
        return image;
    }
}

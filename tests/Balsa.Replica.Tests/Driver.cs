using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Tests;

/// <summary>A member of a cluster of so many voters, and a test that plays the disk, the time and the other members.</summary>
internal sealed class Driver
{
    public Driver(
        int voters = 1, ReplicaOptions? options = null, ReplicaStart? start = null, RecoveredState? recovered = null,
        Mutant planted = Mutant.None)
    {
        Options = options ?? new ReplicaOptions { Raft = World.Options() };
        Replica = new RaftReplica<Planted>(
            Options, recovered ?? RecoveredState.Fresh(VotersOf(voters)), start ?? new ReplicaStart([]), World.Parts,
            new Planted(planted), 0);
    }

    public World World { get; } = new();

    public ReplicaOptions Options { get; }

    public RaftReplica<Planted> Replica { get; }

    public long Now { get; private set; }

    public Driver Lead()
    {
        Advance(Replica.NextDeadline - Now);
        for (var i = 0; i < 4; i++) MakeDurable();
        Assert.True(Replica.Leads);
        return this;
    }

    /// <summary>Member 2 leads from now on.</summary>
    public Driver Follow(ulong term = 1, ulong commit = 0, params ReplicaEntry[] entries)
    {
        var last = World.Written.SelectMany(operation => operation.Entries).LastOrDefault().Ref.Id;
        Hear(new Message
        {
            Kind = MessageKind.Append, To = new MemberId(1), Term = new Term(term), Log = last, Commit = new LogIndex(commit),
            Match = last.Index + (ulong)entries.Length, Session = new LogIndex(1),
        }, entries);
        MakeDurable();
        return this;
    }

    public void Hear(Message message, params IReadOnlyList<ReplicaEntry> entries) => Hand(new PeerMessage(
        new Origin(default, new MemberId(2), new Incarnation(2), new Boot(1), 1), message,
        [.. entries.Select(entry => entry.Ref)], [.. entries.Select(entry => entry.Payload)], []));

    public void Hand(ReplicaInput input)
    {
        Replica.Handle(input);
        Replica.Flush();
    }

    public void Advance(long ticks)
    {
        Now += ticks;
        Replica.AdvanceTo(Now);
        Replica.Flush();
    }

    public void MakeDurable()
    {
        var numbered = World.Written.LastOrDefault(operation => operation.Io.Value > 0);
        if (numbered.Io.Value > 0) Replica.OnDurable(numbered.Io);
        Replica.Flush();
    }

    public TaskCompletionSource<ReplicaAnswer> Propose(string command, TimeSpan patience = default, ulong session = 0)
    {
        var entry = World.Entry(command);
        if (session > 0) new EntryEnvelope { CommandKind = 1, CommandVersion = 1, Session = session, Request = 1 }.Write(entry);
        var caller = new TaskCompletionSource<ReplicaAnswer>();
        Hand(new ProposeCommand(entry, caller) { Deadline = patience == default ? 0 : Now + patience.Ticks });
        return caller;
    }

    /// <summary>The answer, which must be there already.</summary>
    public static ReplicaAnswer Told(TaskCompletionSource<ReplicaAnswer> caller)
    {
        Assert.True(caller.Task.IsCompleted);
        return caller.Task.GetAwaiter().GetResult();
    }

    public static Configuration VotersOf(int count) => Configuration.OfVoters([.. Enumerable.Range(1, count).Select(id => (ulong)id)]);

    public static ReplicaEntry Entry(ulong term, ulong index, string command)
    {
        var bytes = World.Entry(command);
        return new ReplicaEntry(
            new EntryRef(new EntryId(new Term(term), new LogIndex(index)), EntryKind.Data, (uint)bytes.Length, Crc32C.Of(bytes), default),
            bytes);
    }
}

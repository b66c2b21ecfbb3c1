using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Replica.Contracts;
using Balsa.Replica.Snapshots;

namespace Balsa.Replica.Tests;

/// <summary>A disk, a network and a state machine that remember what was asked of them.</summary>
internal sealed class World : ILogWriter, ILogReader, ISnapshotShelf, IPeerNetwork, IStateMachine
{
    private int _workLeft, _workCalls;

    public List<LogOperation> Written { get; } = [];

    public List<(Message Message, ReplicaEntry[] Entries)> Sent { get; } = [];

    public List<string> Applied { get; } = [];

    public static RaftOptions Options(ulong self = 1) => new()
    {
        Self = new MemberId(self), Incarnation = new Incarnation(self), Boot = new Boot(1), Seed = 1,
    };

    /// <summary>An entry as a proposer hands it in: an envelope, then the command.</summary>
    public static byte[] Entry(string command)
    {
        var bytes = new byte[EntryEnvelope.Bytes + command.Length];
        new EntryEnvelope { CommandKind = 1, CommandVersion = 1 }.Write(bytes);
        System.Text.Encoding.ASCII.GetBytes(command, bytes.AsSpan(EntryEnvelope.Bytes));
        return bytes;
    }

    public bool IsShort { get; set; }

    public void Write(IReadOnlyList<LogOperation> operations) => Written.AddRange(operations);

    public void Send(in Message message, ReadOnlySpan<ReplicaEntry> entries) => Sent.Add((message, entries.ToArray()));

    public void Settle(Configuration configuration)
    {
    }

    public void Reach(Configuration configuration)
    {
    }

    public void Believe(in Origin sender, Term term, LogIndex match)
    {
    }

    public int Batches { get; private set; }

    /// <summary>How many of the applied commands readers may see.</summary>
    public int Published { get; private set; }

    /// <summary>How many slices of work are left. Other threads may look while the pump works.</summary>
    public int WorkLeft
    {
        get => Volatile.Read(ref _workLeft);
        set => Volatile.Write(ref _workLeft, value);
    }

    public int WorkCalls => Volatile.Read(ref _workCalls);

    /// <summary>The command that breaks others does not break this one.</summary>
    public bool AppliesPoison { get; init; }

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        var text = System.Text.Encoding.ASCII.GetString(command);
        if (text == "poison" && !AppliesPoison) throw new InvalidOperationException("poison");
        if (text == "unreadable") throw new UnusableEntryException(entry, "a later build wrote it");
        Applied.Add(text);
        return command;
    }

    public void EndBatch()
    {
        Batches++;
        Published = Applied.Count;
    }

    public bool Work()
    {
        Interlocked.Increment(ref _workCalls);
        return WorkLeft > 0 && --WorkLeft > 0;
    }

    public object Query(ReadOnlyMemory<byte> query) => string.Join(' ', Applied);

    public ReplicaParts Parts => new(this, this, this, this, this);

    /// <summary>What was asked of the disk and the snapshots, in order.</summary>
    public List<object> Asked { get; } = [];

    public List<(MemberId Leader, ForwardedCommand Command)> Forwards { get; } = [];

    public List<(MemberId Sender, ForwardedAnswer Answer)> Answers { get; } = [];

    /// <summary>After so many entries a snapshot is due; 0 for never.</summary>
    public ulong SnapshotEvery { get; set; }

    public List<(MemberId Member, StateOpinion Opinion)> Opinions { get; } = [];

    public ulong Skew { get; set; }

    public StateHash? Hash => new StateHash(1, (ulong)Applied.Count + Skew, 0);

    public void Tell(MemberId member, in StateOpinion opinion) => Opinions.Add((member, opinion));

    public ContentVersion Content => new(7, 1);

    public void Read(MemberId purpose, LogIndex first, LogIndex last, long bytesMax) => Asked.Add((purpose, first, last));

    public bool IsDue(long logBytesSince, ulong entriesSince) => SnapshotEvery > 0 && entriesSince >= SnapshotEvery;

    public void Make(SnapshotOrder order) => Asked.Add(order);

    public void Restore(EntryId snapshot, StateIntake intake) => Asked.Add((snapshot, intake));

    public void Send(MemberId peer, EntryId snapshot, LogIndex session) => Asked.Add((peer, snapshot, session));

    public void CallOff(MemberId peer, EntryId snapshot) => Asked.Add((peer, snapshot));

    public void Expect(MemberId leader, EntryId snapshot) => Asked.Add(("expect", leader, snapshot));

    public void OnLog(LogIndex durable, long bytes)
    {
    }

    /// <summary>What is handed to a leader does not even leave.</summary>
    public bool IsCutOff { get; set; }

    public bool Forward(MemberId leader, ForwardedCommand command)
    {
        if (!IsCutOff) Forwards.Add((leader, command));
        return !IsCutOff;
    }

    public void Answer(MemberId sender, ForwardedAnswer answer) => Answers.Add((sender, answer));

    public IStateCapture? Capture() => new TextCapture(string.Join(' ', Applied));

    public IStateRestore BeginRestore(ContentVersion content) => new TextRestore();

    public void Adopt(IStateRestore restored)
    {
        Applied.Clear();
        Applied.AddRange(((TextRestore)restored).Text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Published = Applied.Count;
    }

    private sealed class TextCapture(string text) : IStateCapture
    {
        private bool _given;

        public int Read(Span<byte> into)
        {
            if (_given) return IStateCapture.End;
            _given = true;
            return System.Text.Encoding.ASCII.GetBytes(text, into);
        }

        public void Dispose()
        {
        }
    }

    private sealed class TextRestore : IStateRestore
    {
        public string Text { get; private set; } = "";

        public string? Problem => null;

        public bool TryTake(ReadOnlySpan<byte> content)
        {
            Text += System.Text.Encoding.ASCII.GetString(content);
            return true;
        }

        public bool TryFinish() => true;
    }
}

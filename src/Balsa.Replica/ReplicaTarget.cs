using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Replica.Contracts;
using Balsa.Replica.Execution;

namespace Balsa.Replica;

/// <summary>
/// Turns effects into work for disk, network, state machine and callers. It never calls the core: what it has to report
/// stands in its properties until the replica passes it on.
/// </summary>
internal sealed class ReplicaTarget(
    EntryCache entries, Callers callers, ILogWriter disk, IPeerNetwork network, IStateMachine machine, Origin self, Action<string> note)
    : IEffectTarget
{
    private readonly List<LogOperation> _operations = [];
    private readonly List<ReadOnlyMemory<byte>> _staged = [];
    private readonly Dictionary<ulong, byte[]> _results = [];
    private bool _hasApplied;

    internal List<(MemberId Peer, LogIndex First, LogIndex Last, ulong Bytes)> Loads { get; } = [];

    /// <summary>Of this batch: what the disk is going to get and does not know of yet, at most.</summary>
    internal long StagedBytes { get; private set; }

    internal LogIndex Applied { get; private set; }

    /// <summary>Log time of the newest applied entry.</summary>
    internal long LogTime { get; private set; }

    internal Role Role { get; private set; } = Role.Follower;

    internal StopReason StopReason { get; private set; }

    internal bool WasRemoved { get; private set; }

    /// <summary>Called before a message leaves: what it shows of us must be published first.</summary>
    internal Action BeforeSend { get; set; } = () => { };

    internal Action BecameLeader { get; set; } = () => { };

    /// <summary>Bytes for an entry the core is about to be told of; the handle leads back to them within this batch.</summary>
    internal PayloadHandle Stage(ReadOnlyMemory<byte> payload)
    {
        _staged.Add(payload);
        StagedBytes += payload.Length;
        return new PayloadHandle((ulong)_staged.Count);
    }

    /// <summary>The batch is over: hands the disk its part, and forgets payloads that the core did not take.</summary>
    internal void EndBatch()
    {
        _staged.Clear();
        StagedBytes = 0;
        if (_operations.Count == 0) return;
        disk.Write(_operations);
        _operations.Clear();
    }

    /// <summary>Before anybody is told of what was applied, it can be read.</summary>
    internal void PublishApplied()
    {
        if (!_hasApplied) return;
        _hasApplied = false;
        machine.EndBatch();
    }

    /// <summary>A slice of the state machine's own work.</summary>
    internal bool Work() => machine.Work();

    /// <summary>Answers of the state machine live until the completions of their batch have been sent.</summary>
    internal void ForgetResults() => _results.Clear();

    public void SaveHardState(IoSeq io, HardState hardState) =>
        _operations.Add(new LogOperation(LogOperationKind.SaveHardState, io, hardState, [], default));

    public void AppendEntries(IoSeq io, ReadOnlySpan<EntryRef> refs, Configuration? authored)
    {
        var written = new ReplicaEntry[refs.Length];
        for (var i = 0; i < refs.Length; i++)
        {
            written[i] = authored is null ? new ReplicaEntry(refs[i], BytesOf(refs[i])) : Encode(refs[i], authored);
            entries.Append(written[i]);
        }

        _operations.Add(new LogOperation(LogOperationKind.Append, io, default, written, default));
    }

    public void TruncateSuffix(IoSeq io, LogIndex from)
    {
        entries.TruncateFrom(from);
        _operations.Add(new LogOperation(LogOperationKind.Truncate, io, default, [], from));
    }

    public void Send(in Message message, LogIndex first, LogIndex last)
    {
        BeforeSend();
        network.Send(message, message.Kind == MessageKind.Append ? entries.Slice(first, last) : default);
    }

    public void Apply(LogIndex first, LogIndex last)
    {
        foreach (ref readonly var entry in entries.Slice(first, last)) Apply(entry);
        Applied = last;
    }

    public void Complete(Correlation correlation, Outcome outcome, EntryId entry, MemberId leader)
    {
        if (!callers.TryTake(correlation, out var caller)) return;
        PublishApplied();
        _results.TryGetValue(entry.Index.Value, out var result);
        caller.Answer(new ReplicaAnswer(outcome, entry, leader, outcome.Verdict == Verdict.Done ? result : null));
    }

    public void CompleteRead(Correlation correlation, Outcome outcome, LogIndex index, MemberId leader)
    {
        if (!callers.TryTake(correlation, out var caller)) return;
        PublishApplied();
        var result = outcome.Verdict == Verdict.Done ? machine.Query(caller.Query) : null;
        caller.Answer(new ReplicaAnswer(outcome, new EntryId(default, index), leader, result));
    }

    public void LoadEntries(MemberId peer, LogIndex first, LogIndex last, ulong bytesMax)
    {
        var reached = entries.Reach(first, last, bytesMax, out var bytes);
        Loads.Add((peer, first, reached, bytes));
    }

    public void RoleChanged(Role role, MemberId leader, HardState hardState)
    {
        var began = role == Role.Leader && Role != Role.Leader;
        Role = role;
        if (began) BecameLeader();
        note(role switch
        {
            Role.Leader => $"leads term {hardState.Term}",
            Role.Follower when leader.IsNone => $"follows nobody yet in term {hardState.Term}",
            Role.Follower => $"follows {leader} in term {hardState.Term}",
            _ => $"stands for election ({role}) in term {hardState.Term}",
        });
    }

    public void ConfigurationChanged(Configuration configuration, LogIndex index, bool committed)
    {
        if (!committed) network.Reach(configuration);
        note($"membership {(committed ? "committed" : "adopted")} at {index}: {configuration}");
    }

    public void RecoveryCompleted()
    {
        // Until it is on disk a next start repairs again, which costs time and nothing else.
        _operations.Add(new LogOperation(LogOperationKind.NoteRecovered, default, default, [], default));
        note("the log is complete again");
    }

    public void RemovedFromCluster() => WasRemoved = true;

    public void FailStop(StopReason why) => StopReason = why;

    // No snapshot is ever reported to the core, so it has none to install, restore or send; and a log that is never
    // compacted always has what a follower needs.
    public void InstallSnapshot(IoSeq io, EntryId snapshot, Configuration configuration) => Invariant.Broken("no member has snapshots");

    public void CompactPrefix(IoSeq io, LogIndex boundary) => Invariant.Broken("without snapshots nothing is compacted");

    public void RestoreSnapshot(EntryId snapshot) => Invariant.Broken("no member has snapshots");

    public void StartSnapshotTransfer(MemberId peer, EntryId snapshot, LogIndex session) => Invariant.Broken("no member has snapshots");

    public void AbortSnapshotTransfer(MemberId peer, EntryId snapshot) => Invariant.Broken("no member has snapshots");

    public void ReceiveSnapshot(MemberId leader, EntryId snapshot) => Invariant.Broken("no member has snapshots");

    private ReadOnlyMemory<byte> BytesOf(in EntryRef entry) =>
        entry.Length == 0 ? default : _staged[(int)entry.Payload.Value - 1];

    private static ReplicaEntry Encode(in EntryRef entry, Configuration configuration)
    {
        var bytes = new byte[ConfigurationCodec.Length(configuration)];
        ConfigurationCodec.Write(configuration, bytes);
        return new ReplicaEntry(entry with { Crc = Crc32C.Of(bytes) }, bytes);
    }

    private void Apply(in ReplicaEntry entry)
    {
        var bytes = entry.Payload.Span;
        if (Crc32C.Of(bytes) != entry.Ref.Crc) throw new UnusableEntryException(entry.Ref.Id, "its bytes do not fit its checksum");
        if (entry.Ref.Kind != EntryKind.Data) return;
        var error = EntryEnvelope.TryRead(bytes, out var envelope, out var command);
        if (error != EnvelopeError.None) throw new UnusableEntryException(entry.Ref.Id, $"its envelope is unreadable ({error})");
        var result = machine.Apply(entry.Ref.Id, envelope, command);
        _hasApplied = true;
        LogTime = Math.Max(LogTime, envelope.LogTime);
        if (envelope.Origin == self.Member && envelope.OriginBoot == self.Boot) _results[entry.Ref.Id.Index.Value] = result.ToArray();
    }
}

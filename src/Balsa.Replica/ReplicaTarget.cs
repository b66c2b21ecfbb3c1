using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Replica.Applying;
using Balsa.Replica.Contracts;
using Balsa.Replica.Execution;
using Balsa.Replica.Inputs;
using Balsa.Replica.Requests;
using Balsa.Replica.Skipping;

namespace Balsa.Replica;

/// <summary>
/// Turns effects into work for disk, network, state machine and callers. It never calls the core: what it has to report
/// stands in its properties until the replica passes it on.
/// </summary>
internal sealed class ReplicaTarget<TProbe>(
    EntryCache entries, LoadedEntries loaded, Applier applier, SkipRule skips, Callers callers, ReplicaParts parts, Action<string> note,
    TProbe probe) : IEffectTarget
    where TProbe : struct, IProbe
{
    private readonly List<LogOperation> _operations = [];
    private readonly List<ReadOnlyMemory<byte>> _staged = [];

    /// <summary>Of this batch: what the disk is going to get and does not know of yet, at most.</summary>
    internal long StagedBytes { get; private set; }

    /// <summary>The entry before the first one in the log on disk.</summary>
    internal EntryId LogBase { get; set; }

    /// <summary>What the log has taken since the start, payloads and overhead together.</summary>
    internal long LogBytes { get; set; }

    internal Role Role { get; private set; } = Role.Follower;

    internal StopReason StopReason { get; private set; }

    internal bool WasRemoved { get; private set; }

    /// <summary>Where answers go: to whoever asked, or the request is tried again.</summary>
    internal Action<Caller, ReplicaAnswer> Answer { get; set; } = (caller, answer) => caller.Answer(answer);

    /// <summary>Called before a message leaves: what it shows of us must be published first.</summary>
    internal Action BeforeSend { get; set; } = () => { };

    internal Action BecameLeader { get; set; } = () => { };

    internal Action<Role, MemberId, Term> RoleTold { get; init; } = (_, _, _) => { };

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
        parts.Log.Write(_operations);
        _operations.Clear();
    }

    /// <summary>The log on disk may begin after this snapshot from now on.</summary>
    internal void BeginLogAfter(EntryId snapshot, Configuration configuration) => BeginLogAfter(IoSeq.Now, snapshot, configuration);

    public void SaveHardState(IoSeq io, HardState hardState) =>
        _operations.Add(new LogOperation(LogOperationKind.SaveHardState, io) { HardState = hardState });

    public void AppendEntries(IoSeq io, ReadOnlySpan<EntryRef> refs, Configuration? authored)
    {
        var written = new ReplicaEntry[refs.Length];
        for (var i = 0; i < refs.Length; i++)
        {
            written[i] = authored is null ? new ReplicaEntry(refs[i], BytesOf(refs[i])) : Encode(refs[i], authored);
            entries.Append(written[i]);
            skips.OnAppended(written[i]);
            LogBytes += EntryCache.BytesOf(written[i]);
        }

        _operations.Add(new LogOperation(LogOperationKind.Append, io) { Entries = written });
    }

    public void TruncateSuffix(IoSeq io, LogIndex from)
    {
        entries.TruncateFrom(from);
        skips.OnTruncated(from);
        loaded.OnLogChanged();
        _operations.Add(new LogOperation(LogOperationKind.Truncate, io) { From = from });
    }

    public void Send(in Message message, LogIndex first, LogIndex last)
    {
        BeforeSend();
        parts.Network.Send(message, message.Kind == MessageKind.Append ? loaded.Get(message.To, first, last) : default);
    }

    public void Apply(LogIndex first, LogIndex last) => applier.Issue(last);

    public void RestoreSnapshot(EntryId snapshot) => parts.Snapshots.Restore(snapshot, applier.BeginRestore(snapshot));

    public void Complete(Correlation correlation, Outcome outcome, EntryId entry, MemberId leader)
    {
        if (!callers.TryTake(correlation, out var caller)) return;
        applier.Publish();
        var result = outcome.Verdict == Verdict.Done && applier.TryGetResult(entry.Index, out var found) ? found : null;
        Answer(caller, new ReplicaAnswer(outcome, entry, leader, result));
    }

    public void CompleteRead(Correlation correlation, Outcome outcome, LogIndex index, MemberId leader)
    {
        if (!callers.TryTake(correlation, out var caller)) return;
        applier.Publish();
        var query = (caller.Request as RunQuery)?.Query ?? default;
        var result = outcome.Verdict == Verdict.Done ? parts.Machine.Query(query) : null;
        var answer = new ReplicaAnswer(outcome, new EntryId(default, index), leader, result);
        Answer(caller, answer with { Served = caller.Served });
        if (outcome.Verdict != Verdict.Done || !probe.Plants(Mutant.HostConfirmsAllReads)) return;
        foreach (var other in callers.TakeReads()) Answer(other, answer with { Served = other.Served });
    }

    public void LoadEntries(MemberId peer, LogIndex first, LogIndex last, ulong bytesMax) => loaded.Load(peer, first, last, bytesMax);

    public void InstallSnapshot(IoSeq io, EntryId snapshot, Configuration configuration)
    {
        entries.Reset(snapshot.Index);
        skips.OnTruncated(LogIndex.Zero);
        loaded.OnLogChanged();
        BeginLogAfter(io, snapshot, configuration);
        note($"a snapshot of {snapshot} takes the place of the log");
    }

    // How far the log on disk goes back is decided by the snapshots that are kept; the core only says that it needs no more.
    public void CompactPrefix(IoSeq io, LogIndex boundary) => _operations.Add(new LogOperation(LogOperationKind.Nothing, io));

    public void StartSnapshotTransfer(MemberId peer, EntryId snapshot, LogIndex session) =>
        parts.Snapshots.Send(peer, snapshot, session);

    public void AbortSnapshotTransfer(MemberId peer, EntryId snapshot) => parts.Snapshots.CallOff(peer, snapshot);

    public void ReceiveSnapshot(MemberId leader, EntryId snapshot) => parts.Snapshots.Expect(leader, snapshot);

    public void RoleChanged(Role role, MemberId leader, HardState hardState)
    {
        var began = role == Role.Leader && Role != Role.Leader;
        Role = role;
        if (began) BecameLeader();
        RoleTold(role, leader, hardState.Term);
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
        if (committed) parts.Network.Settle(configuration);
        else parts.Network.Reach(configuration);
        note($"membership {(committed ? "committed" : "adopted")} at {index}: {configuration}");
    }

    public void RecoveryCompleted()
    {
        // Until it is on disk a next start repairs again, which costs time and nothing else.
        _operations.Add(new LogOperation(LogOperationKind.NoteRecovered, default));
        note("the log is complete again");
    }

    public void RemovedFromCluster() => WasRemoved = !probe.Plants(Mutant.HostIgnoresRemoval);

    public void FailStop(StopReason why) => StopReason = why;

    private void BeginLogAfter(IoSeq io, EntryId snapshot, Configuration configuration)
    {
        LogBase = snapshot;
        _operations.Add(LogOperation.Begin(io, snapshot, configuration));
    }

    private ReadOnlyMemory<byte> BytesOf(in EntryRef entry) =>
        entry.Length == 0 ? default : _staged[(int)entry.Payload.Value - 1];

    private static ReplicaEntry Encode(in EntryRef entry, Configuration configuration)
    {
        var bytes = new byte[ConfigurationCodec.Length(configuration)];
        ConfigurationCodec.Write(configuration, bytes);
        return new ReplicaEntry(entry with { Crc = Crc32C.Of(bytes) }, bytes);
    }
}

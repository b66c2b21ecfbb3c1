using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;

namespace Balsa.Replica.Execution;

/// <summary>
/// The world a core lives in: a disk, a network, a state machine and callers. In production these are real; in the
/// simulator they are virtual. Called by one thread, in the order in which the core asked.
/// </summary>
/// <remarks>
/// The first five methods are the storage stream: the operations must become durable in the order of their numbers, each
/// wholly, and their completion is reported through <see cref="EffectExecutor{TProbe, TTarget}.OnDurable"/>. The rest is
/// only called when what it depends on is durable. None of these methods may call the core: what they have to report is
/// an input for later.
/// </remarks>
public interface IEffectTarget
{
    void SaveHardState(IoSeq io, HardState hardState);

    /// <param name="authored">Set when the single entry is a configuration that the core wrote: the host encodes it.</param>
    void AppendEntries(IoSeq io, ReadOnlySpan<EntryRef> entries, Configuration? authored);

    void TruncateSuffix(IoSeq io, LogIndex from);

    void InstallSnapshot(IoSeq io, EntryId snapshot, Configuration configuration);

    void CompactPrefix(IoSeq io, LogIndex boundary);

    /// <summary>An append takes the entries first..last of the log along; they are none when last is before first.</summary>
    void Send(in Message message, LogIndex first, LogIndex last);

    void Apply(LogIndex first, LogIndex last);

    void RestoreSnapshot(EntryId snapshot);

    void Complete(Correlation correlation, Outcome outcome, EntryId entry, MemberId leader);

    void CompleteRead(Correlation correlation, Outcome outcome, LogIndex index, MemberId leader);

    /// <summary>Say through OnEntriesLoaded how far first.. reaches within last and within the bytes; at least one entry.</summary>
    void LoadEntries(MemberId peer, LogIndex first, LogIndex last, ulong bytesMax);

    void StartSnapshotTransfer(MemberId peer, EntryId snapshot, LogIndex session);

    void AbortSnapshotTransfer(MemberId peer, EntryId snapshot);

    void ReceiveSnapshot(MemberId leader, EntryId snapshot);

    void RoleChanged(Role role, MemberId leader, HardState hardState);

    void ConfigurationChanged(Configuration configuration, LogIndex index, bool committed);

    void RecoveryCompleted();

    void RemovedFromCluster();

    void FailStop(StopReason why);
}

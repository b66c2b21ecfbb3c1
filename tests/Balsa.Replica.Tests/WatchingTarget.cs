using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Replica.Execution;

namespace Balsa.Replica.Tests;

/// <summary>Trusts nobody: it keeps its own account of what is durable and complains about a vote that leaves too early.</summary>
internal sealed class WatchingTarget : IEffectTarget
{
    private readonly List<(IoSeq Io, HardState State)> _hardStates = [];

    public List<Message> Sent { get; } = [];

    public List<string> Violations { get; } = [];

    public IoSeq LastIo { get; private set; }

    /// <summary>What the test has made durable; set before the executor is told.</summary>
    public IoSeq Durable { get; set; }

    public StopReason Stopped { get; private set; }

    public void SaveHardState(IoSeq io, HardState hardState)
    {
        LastIo = io;
        _hardStates.Add((io, hardState));
    }

    public void Send(in Message message, LogIndex first, LogIndex last)
    {
        Sent.Add(message);
        var copy = message;
        if (message.Kind != MessageKind.VoteResponse || message.Has(MessageFlags.Reject)) return;
        var saved = _hardStates.Find(written => written.State == new HardState(copy.Term, copy.To));
        if (saved.Io == default || saved.Io > Durable) Violations.Add($"the vote of term {copy.Term} left before it was durable");
    }

    public void AppendEntries(IoSeq io, ReadOnlySpan<EntryRef> entries, Configuration? authored) => LastIo = io;

    public void TruncateSuffix(IoSeq io, LogIndex from) => LastIo = io;

    public void InstallSnapshot(IoSeq io, EntryId snapshot, Configuration configuration) => LastIo = io;

    public void CompactPrefix(IoSeq io, LogIndex boundary) => LastIo = io;

    public void FailStop(StopReason why) => Stopped = why;

    public void Apply(LogIndex first, LogIndex last)
    {
    }

    public void RestoreSnapshot(EntryId snapshot)
    {
    }

    public void Complete(Correlation correlation, Outcome outcome, EntryId entry, MemberId leader)
    {
    }

    public void CompleteRead(Correlation correlation, Outcome outcome, LogIndex index, MemberId leader)
    {
    }

    public void LoadEntries(MemberId peer, LogIndex first, LogIndex last, ulong bytesMax)
    {
    }

    public void StartSnapshotTransfer(MemberId peer, EntryId snapshot, LogIndex session)
    {
    }

    public void AbortSnapshotTransfer(MemberId peer, EntryId snapshot)
    {
    }

    public void ReceiveSnapshot(MemberId leader, EntryId snapshot)
    {
    }

    public void RoleChanged(Role role, MemberId leader, HardState hardState)
    {
    }

    public void ConfigurationChanged(Configuration configuration, LogIndex index, bool committed)
    {
    }

    public void RecoveryCompleted()
    {
    }

    public void RemovedFromCluster()
    {
    }
}

using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Raft.Replication;
using Balsa.Raft.Snapshots;
using Balsa.Raft.Transfer;

namespace Balsa.Raft;

/// <summary>
/// One member of one Raft group, as a pure machine: inputs are the methods below, outputs are the effects of
/// <see cref="Drain"/>. It reads no clock, starts no thread and touches no disk; the same inputs give the same outputs.
/// </summary>
/// <remarks>
/// <para>The host's duties: (1) one caller at a time; (2) after inputs, drain and carry out the effects in order: storage
/// effects as one ordered stream, every other effect once everything up to its <see cref="Effect.After"/> is durable;
/// (3) report durability, application and loads back as inputs; (4) call <see cref="AdvanceTo"/> no later than
/// <see cref="NextDeadline"/>, and after a pause hand in the waiting messages first (<see cref="SetClock"/>);
/// (5) stop at <see cref="EffectKind.FailStop"/> and at any exception.</para>
/// <para>Every correlation that goes in comes out exactly once: done, certainly not done, or unknown.</para>
/// </remarks>
public sealed class RaftCore<TProbe> where TProbe : struct, IProbe
{
    private readonly CoreState<TProbe> _state;
    private Invariants.Before _before;
    private bool _inStep;

    /// <param name="now">The host's monotonic time in ticks of 100 ns; any origin.</param>
    public RaftCore(RaftOptions options, RecoveredState recovered, TProbe probe, long now)
    {
        RaftOptionsCheck.ThrowIfImpossible(options);
        ArgumentNullException.ThrowIfNull(recovered);
        _state = new CoreState<TProbe>(options, probe, now);
        _state.AdoptRecovered(recovered.HardState);
        _state.Mode = recovered.Mode;
        _state.Restore(recovered);
        _state.ResetElectionTimer();
        _state.CheckState();
    }

    public Role Role => _state.Role;

    public Term Term => _state.Term;

    public MemberId VotedFor => _state.VotedFor;

    public MemberId Leader => _state.Leader;

    /// <summary>When a leader was last heard; the start when none was.</summary>
    public long LeaderHeardAt => _state.LeaderHeardAt;

    public EntryId Last => _state.Log.Last;

    public EntryId Boundary => _state.Log.Boundary;

    public EntryId Snapshot => _state.Log.Snapshot;

    public LogIndex Commit => _state.Commit;

    public LogIndex Applied => _state.Applied;

    public LogIndex Durable => _state.DurableIndex;

    public RecoveryMode Mode => _state.Mode;

    public bool HasStopped => _state.Stopped;

    public Configuration Configuration => _state.Configuration;

    public LogIndex ConfigurationIndex => _state.Configurations.LatestIndex;

    public RejectionCounters Rejections => _state.Rejections;

    /// <summary>Who has said yes in the election that this member stands in, itself among them; 0 when it stands in none.</summary>
    public int Votes => _state.Standing?.Yes.Count ?? 0;

    /// <summary>When <see cref="AdvanceTo"/> is due next.</summary>
    public long NextDeadline => _state.NextDeadline();

    /// <summary>What was in force at <paramref name="index"/>: the configuration that a snapshot of that index stores.</summary>
    public Configuration ConfigurationAt(LogIndex index) => _state.Configurations.At(index);

    /// <summary>What this leader believes about a peer; false when it does not lead or does not know the peer.</summary>
    public bool TryGetPeer(MemberId peer, out PeerStatus status)
    {
        status = default;
        if (_state.Leading?.Find(peer) is not { } p) return false;
        status = new PeerStatus(
            p.Member, p.Match, p.Next, p.HeardAt, p.State == ProgressState.Replicate, p.State == ProgressState.Snapshot,
            p.NotCounted, p.DiskSlow);
        return true;
    }

    /// <summary>Moves the clock without acting on it: for the messages that waited while this member was paused.</summary>
    public Rejection SetClock(long now)
    {
        if (now < _state.Now) return _state.Refuse(Rejection.ClockWentBack);
        _state.Now = now;
        return Rejection.None;
    }

    /// <summary>Moves the clock and does what is due.</summary>
    public Rejection AdvanceTo(long now)
    {
        var refused = SetClock(now);
        if (refused != Rejection.None) return refused;
        if (_state.Stopped) return Rejection.Stopped;
        Enter();
        _state.ExpireTransfers();
        if (_state.Leading is { } leading)
        {
            if (now >= leading.HeartbeatAt) _state.Beat();
        }
        else if (now >= _state.ElectionAt)
        {
            _state.OnElectionTimeout();
        }
        Leave();
        return Rejection.None;
    }

    /// <summary>A message arrived. Entries travel beside it, and the decoded configurations among them in their order.</summary>
    public Rejection Step(
        in Origin origin, in Message message, ReadOnlySpan<EntryRef> entries = default,
        ReadOnlySpan<Configuration> configurations = default)
    {
        if (_state.Stopped) return _state.Refuse(Rejection.Stopped);
        var refused = _state.CheckContent(message, entries, configurations);
        if (refused == Rejection.None) refused = _state.CheckSender(origin, message);
        if (refused != Rejection.None) return _state.Refuse(refused);
        Enter();
        refused = _state.Route(origin, message, entries, configurations);
        Leave();
        return _state.Refuse(refused);
    }

    public void Propose(ReadOnlySpan<Proposal> proposals)
    {
        Enter();
        foreach (ref readonly var proposal in proposals)
        {
            var refusal = _state.WhyNotPropose(proposal);
            if (refusal == Reason.None) _state.AppendProposal(proposal);
            else _state.Complete(proposal.Correlation, Outcome.NotDone(refusal));
        }
        Leave();
    }

    /// <summary>How a read of that mode would be served at this moment: without a lease, a quorum is asked.</summary>
    public ReadMode ServedBy(ReadMode mode) =>
        mode != ReadMode.Lease || (_state.Leading is not null && _state.HoldsLease()) ? mode : ReadMode.Quorum;

    public void Read(Correlation correlation, ReadMode mode = ReadMode.Quorum)
    {
        Enter();
        if (_state.Stopped) _state.CompleteRead(correlation, Outcome.NotDone(Reason.Stopped));
        else _state.BeginRead(correlation, mode);
        Leave();
    }

    /// <param name="expected">The configuration index the caller saw; 0 changes whatever rules now.</param>
    public void ChangeConfiguration(ReadOnlySpan<ConfigurationChange> changes, LogIndex expected, Correlation correlation)
    {
        Enter();
        if (_state.Stopped) _state.Complete(correlation, Outcome.NotDone(Reason.Stopped));
        else _state.BeginChange(changes, expected, correlation);
        Leave();
    }

    /// <summary>What would become of the change, without asking for it: for error messages and dry runs.</summary>
    public ConfigurationError Plan(ReadOnlySpan<ConfigurationChange> changes, out Configuration planned) =>
        _state.Plan(changes, out planned);

    public void TransferLeadership(MemberId target, Correlation correlation)
    {
        Enter();
        if (_state.Stopped) _state.Complete(correlation, Outcome.NotDone(Reason.Stopped));
        else _state.BeginTransfer(target, correlation);
        Leave();
    }

    /// <summary>Stands for election now. Forced campaigns need the cluster's permission.</summary>
    public void Campaign(CampaignKind kind, Correlation correlation)
    {
        Enter();
        var refusal = _state.WhyNotCampaign(kind);
        if (refusal == Reason.None)
        {
            _state.FailCampaign(Reason.TimedOut);
            _state.CampaignCorrelation = correlation;
            _state.Campaign(kind);
        }
        else
        {
            _state.Complete(correlation, Outcome.NotDone(refusal));
        }
        Leave();
    }

    /// <summary>
    /// Whether the host cannot serve, because its state is in doubt or lost. The member goes on to store and to vote; it does
    /// not stand for election, and hands leadership over.
    /// </summary>
    public void SetAside(bool aside) => _state.IsAside = aside;

    /// <summary>Gives leadership up without a successor.</summary>
    public void Resign(Correlation correlation)
    {
        Enter();
        if (_state.Role == Role.Leader && !_state.Stopped)
        {
            _state.StepDown(Mark.Resigned);
            _state.Complete(correlation, Outcome.Done);
        }
        else
        {
            _state.Complete(correlation, Outcome.NotDone(Reason.NotLeader));
        }
        Leave();
    }

    /// <summary>Every storage operation numbered up to <paramref name="upTo"/> is on stable media.</summary>
    public Rejection OnDurable(IoSeq upTo)
    {
        if (_state.Stopped) return _state.Refuse(Rejection.Stopped);
        if (upTo <= _state.DurableIo || upTo > _state.LastIo) return _state.Refuse(Rejection.UnknownIo);
        Enter();
        _state.OnWritten(upTo);
        Leave();
        return Rejection.None;
    }

    /// <summary>The disk failed. The core stops; nothing that was not durable is ever claimed.</summary>
    public void OnStorageFault(StopReason fault)
    {
        Enter();
        _state.FailStop(fault);
        Leave();
    }

    /// <summary>The state machine has everything up to <paramref name="index"/>.</summary>
    public Rejection OnApplied(LogIndex index)
    {
        if (_state.Stopped) return _state.Refuse(Rejection.Stopped);
        if (index <= _state.Applied || index > _state.ApplyIssued) return _state.Refuse(Rejection.AppliedOutOfOrder);
        Enter();
        _state.Applied = index;
        _state.AnswerApplied();
        Leave();
        return Rejection.None;
    }

    /// <summary>The answer to <see cref="EffectKind.LoadEntries"/>: the entries first..last are at hand and hold that many bytes.</summary>
    public Rejection OnEntriesLoaded(MemberId peer, LogIndex first, LogIndex last, ulong bytes) =>
        Report(core => core.OnSizesLoaded(peer, first, last, bytes));

    /// <summary>The host has the entries through here on disk only: they are asked for before they are sent.</summary>
    public Rejection OnEntriesUnloaded(LogIndex through) => Report(core => core.OnUnloaded(through));

    /// <summary>A snapshot of the state at <paramref name="snapshot"/> is on stable media.</summary>
    public Rejection OnSnapshotCreated(EntryId snapshot) => Report(core => core.OnLocalSnapshot(snapshot));

    /// <summary>A snapshot on its way to a peer moved on, or ended (delivered or not).</summary>
    public Rejection OnSnapshotTransfer(MemberId peer, LogIndex session, bool ended) =>
        Report(core => core.OnTransferReport(peer, session, ended));

    /// <summary>An offered snapshot has arrived whole and verified.</summary>
    public Rejection OnSnapshotArrived(EntryId snapshot, Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Report(core => core.OnSnapshotArrived(snapshot, configuration));
    }

    /// <summary>An offered snapshot cannot be taken now.</summary>
    public Rejection OnSnapshotRefused(EntryId snapshot) => Report(core => core.OnSnapshotRefused(snapshot));

    /// <summary>The transport lost the peer: what was on the way to it is in doubt.</summary>
    public Rejection OnPeerUnreachable(MemberId peer) => Report(core => core.OnPeerUnreachable(peer));

    /// <summary>Answers everyone who waits; afterwards every input is refused.</summary>
    public void Shutdown()
    {
        Enter();
        if (!_state.Stopped) _state.Stop();
        Leave();
    }

    /// <summary>What must be done now. The batch is valid until the next input.</summary>
    public EffectBatch Drain()
    {
        if (_inStep) _state.Effects.UndoStep();
        else if (!_state.Stopped)
        {
            Enter();
            _state.Flush();
            Leave();
        }
        return _state.Effects.Drain();
    }

    private Rejection Report(Func<CoreState<TProbe>, Rejection> report)
    {
        if (_state.Stopped) return _state.Refuse(Rejection.Stopped);
        Enter();
        var refused = report(_state);
        Leave();
        return _state.Refuse(refused);
    }

    private void Enter()
    {
        if (_inStep) Invariant.Broken("a core that broke a rule is not used again");
        _inStep = true;
        _state.Effects.BeginStep();
        _before = _state.Remember();
    }

    private void Leave()
    {
        _state.CheckState();
        _state.CheckStep(_before);
        _inStep = false;
    }
}

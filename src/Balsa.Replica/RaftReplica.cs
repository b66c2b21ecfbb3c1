using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica.Applying;
using Balsa.Replica.Contracts;
using Balsa.Replica.Execution;
using Balsa.Replica.Inputs;
using Balsa.Replica.Requests;
using Balsa.Replica.Skipping;
using Balsa.Replica.Snapshots;
using Balsa.Replica.Trust;

namespace Balsa.Replica;

/// <summary>
/// One member without threads, clock or sockets: core, log, snapshots and state machine, driven by its methods. The pump
/// drives it with real time and disks; a simulator can drive the same object.
/// </summary>
public sealed class RaftReplica<TProbe> where TProbe : struct, IProbe
{
    private readonly ReplicaOptions _options;
    private readonly ReplicaParts _parts;
    private readonly EntryCache _entries = new();
    private readonly LoadedEntries _loaded;
    private readonly Callers _callers = new();
    private readonly LogClock _logClock = new();
    private readonly Applier _applier;
    private readonly SnapshotMaking<TProbe> _making;
    private readonly ReplicaTarget<TProbe> _target;
    private readonly RaftCore<TProbe> _core;
    private readonly EffectExecutor<TProbe, ReplicaTarget<TProbe>> _executor;
    private readonly StateWatch<TProbe> _watch;
    private readonly DiskDesk<TProbe> _disk;
    private readonly RequestDesk<TProbe> _desk;
    private readonly SkipRule _skips;
    private readonly SkipDesk<TProbe> _skipping;
    private readonly Origin _self;
    private volatile PublishedState _published;
    private readonly TProbe _probe;
    private long _now;

    /// <param name="recovered">What is known without the entries: term, vote, founding members, and how far to trust the log.</param>
    public RaftReplica(
        ReplicaOptions options, RecoveredState recovered, ReplicaStart start, ReplicaParts parts, TProbe probe, long now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(recovered);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(parts);
        (_options, _parts, _probe, _now, _skips) = (options, parts, probe, now, new SkipRule(options.Skips));
        var raft = options.Raft;
        _self = new Origin(raft.Group, raft.Self, raft.Incarnation, raft.Boot, raft.FeatureLevel);
        if (start.Applied.Index > recovered.Boundary.Index) recovered.Snapshot = start.Applied;
        var logBytes = LogReplay.Run(_entries, _skips, recovered, start, options.CacheBytesMax);
        _core = new RaftCore<TProbe>(raft, recovered, probe, now);
        _core.OnEntriesUnloaded(_entries.Base);
        _loaded = new LoadedEntries(_entries, parts.Reader);
        _applier = new Applier(_entries, parts.Reader, parts.Machine, _skips, _self, LevelAt) { HashEvery = options.HashEvery };
        _watch = new StateWatch<TProbe>(_core, parts.Network, raft.Self, options, probe);
        _applier.Begin(probe.Plants(Mutant.HostAppliesAgainAfterRestart) ? recovered.Boundary : start.Applied, start.LogTime);
        _making = new SnapshotMaking<TProbe>(_core, parts.Snapshots, parts.Machine, () => Woken(), probe);
        _making.Begin(start.Applied);
        _target = new ReplicaTarget<TProbe>(_entries, _loaded, _applier, _skips, _callers, parts, options.Note, probe)
        {
            BeforeSend = Publish, BecameLeader = () => _logClock.BeginReign(_applier.LogTime, _now),
            LogBytes = logBytes, LogBase = recovered.Boundary, RoleTold = options.RoleChanged,
        };
        _executor = new EffectExecutor<TProbe, ReplicaTarget<TProbe>>(_core, _target, probe);
        _disk = new DiskDesk<TProbe>(_executor, _target, _entries, _loaded, _applier, _making, _watch, parts.Snapshots, options, probe);
        _desk = new RequestDesk<TProbe>(_core, _callers, parts.Network, ShortageFor, Propose, options, probe);
        _skipping = new SkipDesk<TProbe>(_core, _applier, _skips, _watch, parts.Network, options, Propose);
        _target.Answer = (caller, answer) => _desk.Finish(caller, answer);
        _published = Visible;
        parts.Network.Reach(_core.Configuration);
        if (_core.ConfigurationAt(_core.Commit) is { } settled) parts.Network.Settle(settled);
    }

    /// <summary>Called, by any thread, when there is work that no input announces.</summary>
    public Action Woken { get; set; } = () => { };

    public Origin Self => _self;

    /// <summary>For oracles, which look and never touch.</summary>
    internal RaftCore<TProbe> Core => _core;
    internal string? Aside => _watch.Aside ?? _skipping.Why;

    public long NextDeadline => Math.Min(Math.Min(_core.NextDeadline, _desk.NextDeadline), _skipping.NextDeadline);

    /// <summary>There is work that waits for nothing but a free moment: a flush does a slice of it.</summary>
    public bool HasWork { get; private set; }

    public bool HasStopped => _executor.HasStopped || _core.HasStopped;

    public StopReason StopReason => _target.StopReason;

    public bool WasRemoved => _target.WasRemoved;

    public bool Leads => _core.Role == Role.Leader;

    /// <summary>May be read by any thread.</summary>
    public PublishedState Published => _published;

    public void SetClock(long now)
    {
        _now = Math.Max(_now, now);
        _core.SetClock(_now);
        _desk.AdvanceTo(_now);
    }

    public void AdvanceTo(long now)
    {
        _now = Math.Max(_now, now);
        _core.AdvanceTo(_now);
        _desk.AdvanceTo(_now);
    }

    public void OnDurable(IoSeq upTo) => _executor.OnDurable(upTo);

    public void Handle(ReplicaInput input)
    {
        switch (input)
        {
            case PeerMessage message: Receive(message); break;
            case ProposeCommand propose: _desk.Propose(propose); break;
            case RunQuery read: _desk.Read(read); break;
            case PeerForward forward when HostCommand.TryRead(HostCommand.Wish, forward.Command.Entry, out var wish):
                _skipping.OnWish(forward.Origin.Member, wish);
                break;
            case PeerForward forward: _desk.OnForward(forward); break;
            case PeerForwardAnswer answer: _desk.OnForwardAnswer(answer); break;
            case PeerOpinion opinion: _watch.OnPeer(opinion.Origin.Member, opinion.Opinion); break;
            case PeerLost lost:
                _core.OnPeerUnreachable(lost.Peer);
                _desk.OnPeerLost(lost.Peer);
                break;
            case ToldOfRemoval: _target.RemovedFromCluster(); break;
            case MoveLeadership move: _core.TransferLeadership(move.Target, _callers.Add(move.Caller)); break;
            case ChangeMembers change: _core.ChangeConfiguration(change.Changes, change.Expected, _callers.Add(change.Caller)); break;
            case PlanMembers plan: plan.Caller.TrySetResult(Plan(plan)); break;
            case StandForElection stand: _core.Campaign(stand.Kind, _callers.Add(stand.Caller)); break;
            case GiveUpLeadership giveUp: _core.Resign(_callers.Add(giveUp.Caller)); break;
            case TellStatus tell: tell.Caller.TrySetResult(Status()); break;
            case TakeSnapshot: _making.Want(); break;
            case Wake: break;
            default: _disk.Handle(input); break;
        }
    }

    /// <summary>Carries out what the batch of inputs added up to, and what follows from that, until nothing is left to do.</summary>
    public void Flush()
    {
        var slices = _probe.Plants(Mutant.LegalHostAppliesOneSlice) ? 1 : _options.SlicesAtOnce;
        if (!HasStopped) _skipping.Look(_now);
        Settle(ref slices);
        if (!_executor.HasStopped && _desk.ServeHeld() && !_probe.Plants(Mutant.HostServesHeldTooLate)) Settle(ref slices);
        _applier.Publish();
        _applier.ForgetResults();
        _watch.Look(_applier);
        _desk.IsClosed = (Aside is not null && !_probe.Plants(Mutant.HostServesSetAside)) || _applier.Held is not null;
        if (!_desk.IsClosed && !_applier.IsAheadOfOrder) _making.Consider(_applier, _target.LogBytes);
        HasWork = !_skipping.IsUpToDate || (!_desk.IsClosed && (_making.Work() | _parts.Machine.Work() | _applier.IsReady));
        _disk.EndBatch();
        Publish();
        _target.EndBatch();
    }

    /// <summary>The voter that has most of our log and answered lately, to hand leadership to.</summary>
    public MemberId BestSuccessor() => Succession.Best(_core, _now - _options.Raft.ElectionTimeout.Ticks);

    /// <summary>Answers everyone who waits. Nothing else is done afterwards.</summary>
    public void Shutdown()
    {
        _desk.AnswerAll(Outcome.NotDone(Reason.Stopped));
        _core.Shutdown();
        Flush();
        _making.Stop();
    }

    /// <summary>Something broke: nobody may be left waiting, and nobody is told more than is known.</summary>
    public void Abandon()
    {
        _callers.AnswerAll(Outcome.Unknown(Reason.Stopped));
        _desk.AnswerAll(Outcome.Unknown(Reason.Stopped));
    }

    private bool IsRepairing => _core.Mode != RecoveryMode.Intact;
    private PublishedState Visible => new(_core.Term, _core.Durable, IsRepairing);

    /// <summary>A log begins at the first level; whoever joined later does not know who founded the cluster, and need not.</summary>
    private uint LevelAt(LogIndex index) => _probe.Plants(Mutant.BuildAppliesByOwnLevel)
        ? _self.FeatureLevel : Math.Max(1, _core.ConfigurationAt(index).FeatureLevel);

    private void Settle(ref int slices)
    {
        _executor.Run();
        // A core that was shut down takes no reports, so there would be one more to make for ever.
        while (!HasStopped && ReportBack(ref slices)) _executor.Run();
    }

    /// <summary>Tells the core what was done since the last time; false when nothing was.</summary>
    private bool ReportBack(ref int slices)
    {
        var reported = _loaded.Answers.Count > 0;
        if (slices > 0 && _applier.Step()) slices--;
        var applied = _probe.Plants(Mutant.HostReportsAppliedEarly) ? _core.Commit : _applier.Applied.Index;
        if (applied > _core.Applied)
        {
            _core.OnApplied(applied);
            reported = true;
        }

        foreach (var (peer, first, last, bytes) in _loaded.Answers) _core.OnEntriesLoaded(peer, first, last, bytes);
        _loaded.Answers.Clear();
        return reported;
    }

    private void Receive(PeerMessage input)
    {
        // Like a lost message: the leader tries again, and there may be room then.
        if (input.Entries.Length > 0 && !HasRoomFor(input.Payloads.Sum(payload => (long)payload.Length))) return;
        for (var i = 0; i < input.Entries.Length; i++)
            input.Entries[i] = input.Entries[i] with { Payload = _target.Stage(input.Payloads[i]) };
        var refused = _core.Step(input.Origin, input.Message, input.Entries, input.Configurations);
        if (refused != Rejection.None) return;
        var message = input.Message;
        // The term of a pre-vote is not the sender's own, so it proves nothing.
        if (message.Kind is (MessageKind.PreVote or MessageKind.PreVoteResponse) && !_probe.Plants(Mutant.HostBelievesPreVotes)) return;
        var acknowledged = message.Kind == MessageKind.AppendResponse && !message.Has(MessageFlags.Reject) ? message.Match : default;
        _parts.Network.Believe(input.Origin, message.Term, acknowledged);
    }

    private Shortage ShortageFor(byte[] entry)
    {
        if (!HasRoomFor(entry.Length)) return Shortage.Disk;
        if (_disk.LogBytesSinceSnapshot >= _options.LogBytesMax) return Shortage.Log;
        return _parts.Log.IsUnsureOf(_target.StagedBytes + entry.Length) ? Shortage.Passing : Shortage.None;
    }

    private void Propose(byte[] entry, Caller caller)
    {
        _disk.WarnOfSize();
        var error = EntryEnvelope.TryRead(entry, out var envelope, out _);
        Invariant.Check(error == EnvelopeError.None);
        envelope = envelope with { LogTime = _logClock.Stamp(_now), Origin = _self.Member, OriginBoot = _self.Boot };
        envelope.Write(entry);
        var correlation = _callers.Add(caller);
        _core.Propose([new Proposal(_target.Stage(entry), (uint)entry.Length, Crc32C.Of(entry), correlation)]);
    }

    private bool HasRoomFor(long bytes) => !_parts.Log.IsShortOf(_target.StagedBytes + bytes);

    private void Publish()
    {
        if (_published.Term != _core.Term || _published.Durable != _core.Durable || _published.Repairing != IsRepairing)
            _published = Visible;
    }

    private MembershipPlan Plan(PlanMembers plan)
    {
        var error = _core.Plan(plan.Changes, out var planned);
        return new MembershipPlan(error, _core.Configuration, error == ConfigurationError.None ? planned : _core.Configuration);
    }

    private ReplicaStatus Status()
    {
        var peers = new List<PeerStatus>();
        foreach (var member in _core.Configuration.Members)
            if (_core.TryGetPeer(member.Id, out var peer)) peers.Add(peer);
        return new ReplicaStatus
        {
            Role = _core.Role, HardState = new HardState(_core.Term, _core.VotedFor), Leader = _core.Leader, Last = _core.Last,
            Commit = _core.Commit, Applied = _applier.Applied.Index, Durable = _core.Durable, Configuration = _core.Configuration,
            ConfigurationIndex = _core.ConfigurationIndex, LogBytes = _disk.LogBytesSinceSnapshot, Refused = _core.Rejections.Total,
            Snapshot = _core.Snapshot, LogBase = _target.LogBase, Peers = peers, Now = _now, Mode = _core.Mode,
            Aside = Aside, Poisoned = _watch.Poisoned, Votes = _core.Votes, LeaderHeardAt = _core.LeaderHeardAt,
        };
    }
}

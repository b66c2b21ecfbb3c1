using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Replica.Contracts;
using Balsa.Replica.Execution;
using Balsa.Replica.Inputs;

namespace Balsa.Replica;

/// <summary>
/// What others may know of this member at once: the newest term, how far its log is durable, and whether damage took some.
/// </summary>
public sealed record PublishedState(Term Term, LogIndex Durable, bool Repairing);

/// <summary>
/// One member without threads, clock or sockets: core, log and state machine, driven by its methods. The pump drives it
/// with real time and disks; a simulator can drive the same object.
/// </summary>
public sealed class RaftReplica<TProbe> where TProbe : struct, IProbe
{
    private readonly ReplicaOptions _options;
    private readonly EntryCache _entries = new();
    private readonly Callers _callers = new();
    private readonly LogClock _logClock = new();
    private readonly ReplicaTarget _target;
    private readonly RaftCore<TProbe> _core;
    private readonly EffectExecutor<TProbe, ReplicaTarget> _executor;
    private readonly IPeerNetwork _network;
    private readonly Origin _self;
    private volatile PublishedState _published;
    private readonly ILogWriter _disk;
    private long _now;
    private bool _warnedOfSize;

    /// <param name="recovered">What is known without the entries: term, vote, founding members, and how far to trust the log.</param>
    /// <param name="log">The log on disk from index 1 on, in order.</param>
    public RaftReplica(
        ReplicaOptions options, RecoveredState recovered, IEnumerable<ReplicaEntry> log, ILogWriter disk, IPeerNetwork network,
        IStateMachine machine, TProbe probe, long now)
    {
        (_options, _network, _disk, _now) = (options, network, disk, now);
        var raft = options.Raft;
        _self = new Origin(raft.Group, raft.Self, raft.Incarnation, raft.Boot, raft.FeatureLevel);
        foreach (var entry in log)
        {
            recovered.Replay(entry.Ref, entry.Ref.Kind == EntryKind.Configuration ? Decode(entry) : null);
            _entries.Append(entry);
        }

        _core = new RaftCore<TProbe>(raft, recovered, probe, now);
        _target = new ReplicaTarget(_entries, _callers, disk, network, machine, _self, options.Note)
        {
            BeforeSend = Publish, BecameLeader = () => _logClock.BeginReign(_target!.LogTime, _now),
        };
        _executor = new EffectExecutor<TProbe, ReplicaTarget>(_core, _target);
        _published = Visible;
        network.Reach(_core.Configuration);
    }

    public Origin Self => _self;

    /// <summary>For oracles, which look and never touch.</summary>
    internal RaftCore<TProbe> Core => _core;

    public long NextDeadline => _core.NextDeadline;

    /// <summary>The state machine has work that waits for nothing but a free moment: a flush does a slice of it.</summary>
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
    }

    public void AdvanceTo(long now)
    {
        _now = Math.Max(_now, now);
        _core.AdvanceTo(_now);
    }

    public void OnDurable(IoSeq upTo) => _executor.OnDurable(upTo);

    public void Handle(ReplicaInput input)
    {
        switch (input)
        {
            case PeerMessage message: Receive(message); break;
            case PeerLost lost: _core.OnPeerUnreachable(lost.Peer); break;
            case ProposeCommand propose: Propose(propose); break;
            case RunQuery read: _core.Read(_callers.Add(read.Caller, read.Query), read.Local ? ReadMode.Local : ReadMode.Quorum); break;
            case MoveLeadership move: _core.TransferLeadership(move.Target, _callers.Add(move.Caller)); break;
            case TellStatus tell: tell.Caller.TrySetResult(Status()); break;
            case Wake: break;
            default: Invariant.Broken("every input has a handler"); break;
        }
    }

    /// <summary>Carries out what the batch of inputs added up to, and what follows from that, until nothing is left to do.</summary>
    public void Flush()
    {
        _executor.Run();
        while (!_executor.HasStopped && ReportBack()) _executor.Run();
        _target.PublishApplied();
        _target.ForgetResults();
        HasWork = _target.Work();
        Publish();
        _target.EndBatch();
    }

    /// <summary>The voter that has most of our log and answered lately, to hand leadership to.</summary>
    public MemberId BestSuccessor()
    {
        var best = MemberId.None;
        var match = LogIndex.Zero;
        foreach (var member in _core.Configuration.Members)
        {
            if (member.Role != MemberRole.Voter || !_core.TryGetPeer(member.Id, out var peer) || peer.NotCounted || peer.DiskSlow) continue;
            if (_now - peer.HeardAt >= _options.Raft.ElectionTimeout.Ticks || (!best.IsNone && peer.Match <= match)) continue;
            (best, match) = (peer.Member, peer.Match);
        }

        return best;
    }

    /// <summary>Answers everyone who waits. Nothing else is done afterwards.</summary>
    public void Shutdown()
    {
        _core.Shutdown();
        Flush();
    }

    /// <summary>Something broke: nobody may be left waiting, and nobody is told more than is known.</summary>
    public void Abandon() => _callers.AnswerAll(Outcome.Unknown(Reason.Stopped));

    private bool IsRepairing => _core.Mode != RecoveryMode.Intact;

    private PublishedState Visible => new(_core.Term, _core.Durable, IsRepairing);

    private bool ReportBack()
    {
        var reported = false;
        if (_target.Applied > _core.Applied)
        {
            _core.OnApplied(_target.Applied);
            reported = true;
        }

        foreach (var (peer, first, last, bytes) in _target.Loads) _core.OnEntriesLoaded(peer, first, last, bytes);
        reported |= _target.Loads.Count > 0;
        _target.Loads.Clear();
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
        if (message.Kind is MessageKind.PreVote or MessageKind.PreVoteResponse) return;
        var acknowledged = message.Kind == MessageKind.AppendResponse && !message.Has(MessageFlags.Reject) ? message.Match : default;
        _network.Believe(input.Origin.Member, message.Term, acknowledged);
    }

    private void Propose(ProposeCommand input)
    {
        var shortage = Shortage.None;
        if (!HasRoomFor(input.Entry.Length)) shortage = Shortage.Disk;
        else if (_entries.Bytes >= _options.LogBytesMax) shortage = Shortage.Log;
        if (shortage != Shortage.None || _disk.IsUnsureOf(_target.StagedBytes + input.Entry.Length))
        {
            input.Caller.TrySetResult(new ReplicaAnswer(Outcome.NotDone(Reason.Busy), default, _core.Leader, null, shortage));
            return;
        }

        WarnOfSize();
        var error = EntryEnvelope.TryRead(input.Entry, out var envelope, out _);
        Invariant.Check(error == EnvelopeError.None);
        envelope = envelope with { LogTime = _logClock.Stamp(_now), Origin = _self.Member, OriginBoot = _self.Boot };
        envelope.Write(input.Entry);
        var correlation = _callers.Add(input.Caller);
        _core.Propose([new Proposal(_target.Stage(input.Entry), (uint)input.Entry.Length, Crc32C.Of(input.Entry), correlation)]);
    }

    private bool HasRoomFor(long bytes) => !_disk.IsShortOf(_target.StagedBytes + bytes);

    private void WarnOfSize()
    {
        if (_warnedOfSize || _entries.Bytes < _options.LogBytesMax / 2) return;
        _warnedOfSize = true;
        _options.Note(
            $"warning: the log holds {_entries.Bytes >> 20} MiB; without snapshots it only grows, "
            + $"and writes stop at {_options.LogBytesMax >> 20} MiB");
    }

    private void Publish()
    {
        if (_published.Term != _core.Term || _published.Durable != _core.Durable || _published.Repairing != IsRepairing)
            _published = Visible;
    }

    private ReplicaStatus Status() => new()
    {
        Role = _core.Role, HardState = new HardState(_core.Term, _core.VotedFor), Leader = _core.Leader, Last = _core.Last,
        Commit = _core.Commit, Applied = _core.Applied, Durable = _core.Durable, Configuration = _core.Configuration,
        LogBytes = _entries.Bytes, Refused = _core.Rejections.Total,
    };

    private static Configuration Decode(in ReplicaEntry entry) =>
        ConfigurationCodec.TryRead(entry.Payload.Span, out var configuration)
            ? configuration
            : throw new UnusableEntryException(entry.Ref.Id, "it is a membership that this build cannot read");
}

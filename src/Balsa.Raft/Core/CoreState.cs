using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Quorum;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Raft.Replication;
using Balsa.Raft.Transfer;

namespace Balsa.Raft.Core;

/// <summary>
/// What one member knows: the paper's figure 2, and what pipelining, reads and membership add to it. The behaviour is in
/// the handlers, one file a message or duty, which extend this class; here are only the state and the smallest steps.
/// </summary>
internal sealed class CoreState<TProbe> where TProbe : struct, IProbe
{
    internal readonly RaftOptions Options;
    internal readonly long HeartbeatTicks, ElectionTicks;
    internal readonly EffectQueue Effects = new();
    internal readonly RejectionCounters Rejections = new();
    internal readonly LogView Log;
    internal readonly OutstandingWrites Writes = new();
    internal readonly ConfigurationHistory Configurations = new();
    internal readonly Roster Roster = new();
    internal readonly PendingProposals Proposals = new();
    internal readonly FollowerReads FollowerReads = new();
    internal readonly ReadsToApply ReadsToApply = new();

    /// <summary>The directory that each member spoke from last, and its newest start: boots of two directories do not compare.</summary>
    internal readonly (Incarnation Directory, Boot Highest)[] BootsSeen = new (Incarnation, Boot)[SlotMask.SlotsMax];

    internal TProbe Probe;
    internal SplitMix Random;
    internal long Now;
    internal bool Stopped;

    internal Role Role = Role.Follower;
    internal MemberId Leader;
    internal LeaderState? Leading;
    internal Candidacy? Standing;
    internal long LeaderHeardAt, ElectionAt;

    internal LogIndex Commit, ApplyIssued, Applied, DurableIndex;

    /// <summary>The highest entry that the present leader has shown to match; only up to here may it move our commit.</summary>
    internal LogIndex Verified;
    internal IoSeq LastIo, DurableIo;

    /// <summary>Used by a planted mistake only.</summary>
    internal List<(LogIndex Index, Configuration Configuration)>? Unadopted;

    internal RecoveryMode Mode;

    /// <summary>Where a repairing log must arrive: the present leader's answer to the question of this boot.</summary>
    internal LogIndex? RepairTarget;
    internal Messages.ReadContext RepairQuestion;
    internal long RepairAskAgainAt;

    /// <summary>The snapshot a leader is about to stream to us.</summary>
    internal EntryId IncomingSnapshot;
    internal LogIndex IncomingSession;

    internal ulong RoundNumber, QuestionNumber;

    /// <summary>Names the present or last campaign; an answer to an earlier one does not count.</summary>
    internal ulong CampaignNumber;
    internal LeadershipTransfer? HandedOver;
    internal Correlation CampaignCorrelation;

    private HardState _hardState;
    private IoSeq _hardStateIo;
    private bool _hardStateDirty;

    internal CoreState(RaftOptions options, TProbe probe, long now)
    {
        Options = options;
        HeartbeatTicks = options.HeartbeatInterval.Ticks;
        ElectionTicks = options.ElectionTimeout.Ticks;
        Log = new LogView(options.RecentEntries);
        Probe = probe;
        Random = new SplitMix(options.Seed);
        // A restarted voter does not know which leader it promised to stay with, so it keeps quiet for that long.
        Now = LeaderHeardAt = now;
    }

    internal MemberId Self => Options.Self;

    internal Term Term => _hardState.Term;

    internal MemberId VotedFor => _hardState.VotedFor;

    internal HardState HardState => _hardState;

    internal Configuration Configuration => Configurations.Latest;

    internal JointQuorum Quorum => Roster.Quorum;

    /// <summary>
    /// A voter, and with this very directory: one that was emptied and catches up meets old configurations in which the
    /// directory before it voted, perhaps alone.
    /// </summary>
    internal bool SelfVotes =>
        Roster.SlotOf(Self) is >= 0 and var slot && Quorum.Voters.Contains(slot) && Roster.IncarnationOf(slot) == Options.Incarnation;

    /// <summary>Sets what was on disk, without writing it again.</summary>
    internal void AdoptRecovered(HardState hardState) => _hardState = hardState;

    internal void SetHardState(Term term, MemberId votedFor)
    {
        _hardState = new HardState(term, votedFor);
        _hardStateDirty = true;
    }

    /// <summary>Hands the newest term and vote to the disk if need be, and says which write holds them.</summary>
    internal IoSeq HardStateWritten()
    {
        if (!_hardStateDirty) return _hardStateIo;
        _hardStateDirty = false;
        ref var effect = ref NewStorageEffect(EffectKind.SaveHardState, LogIndex.Zero, LogIndex.Zero);
        effect.HardState = Probe.Plants(Mutant.VoteNotPersisted) ? new HardState(Term, MemberId.None) : _hardState;
        return _hardStateIo = effect.Io;
    }

    /// <summary>Every storage operation passes here: numbered, remembered until durable, and never before the term it is of.</summary>
    internal ref Effect NewStorageEffect(EffectKind kind, LogIndex first, LogIndex last)
    {
        if (_hardStateDirty) HardStateWritten();
        LastIo = LastIo.Next;
        Writes.Add(LastIo, first, last, Now);
        ref var effect = ref Effects.Add(kind);
        effect.Io = LastIo;
        return ref effect;
    }

    internal void Send(in Message message, IoSeq after)
    {
        ref var effect = ref Effects.Add(EffectKind.Send);
        effect.Peer = message.To;
        effect.Message = message;
        effect.After = after;
        // Only appends take entries along, and they are built elsewhere: 1..0 are none.
        effect.First = new LogIndex(1);
    }

    internal void Complete(Correlation correlation, Outcome outcome, EntryId id = default)
    {
        if (correlation.IsNone) return;
        ref var effect = ref Effects.Add(EffectKind.Complete);
        effect.Correlation = correlation;
        effect.Outcome = outcome;
        effect.Id = id;
        effect.Peer = Leader;
    }

    internal void CompleteRead(Correlation correlation, Outcome outcome, LogIndex index = default)
    {
        ref var effect = ref Effects.Add(EffectKind.CompleteRead);
        effect.Correlation = correlation;
        effect.Outcome = outcome;
        effect.Last = index;
        effect.Peer = Leader;
    }

    internal Rejection Refuse(Rejection reason) => Rejections.Count(reason);

    internal ReadContext NewQuestion() => new(Options.Boot, Probe.Plants(Mutant.ReadContextReused) ? 1 : ++QuestionNumber);

    internal void Trace(TransitionKind kind, ulong detail = 0) =>
        Probe.OnTransition(new Transition(kind, Self, Term, Log.Last, Commit, detail));

    internal void AnnounceRole()
    {
        ref var effect = ref Effects.Add(EffectKind.RoleChanged);
        effect.Role = Role;
        effect.Peer = Leader;
        effect.HardState = _hardState;
    }

    internal MessageFlags OwnFlags
    {
        get
        {
            var flags = Mode == RecoveryMode.Intact ? MessageFlags.None : MessageFlags.NotCounted;
            return IsUnfit ? flags | MessageFlags.DiskSlow : flags;
        }
    }

    /// <summary>The host cannot serve: this member keeps its log and votes, and does not lead.</summary>
    internal bool IsAside { get; set; }

    /// <summary>Others would be better leaders.</summary>
    internal bool IsUnfit => DiskIsStalled || IsAside;

    /// <summary>The disk has owed an answer for longer than a leader may take.</summary>
    internal bool DiskIsStalled =>
        Options.SlowDiskHandoff > TimeSpan.Zero && !Writes.IsEmpty
        && Now - Writes.OldestIssuedAt >= Options.SlowDiskHandoff.Ticks;
}

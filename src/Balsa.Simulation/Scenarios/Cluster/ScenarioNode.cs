using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Replica.Execution;

namespace Balsa.Simulation.Scenarios.Cluster;

/// <summary>One member: the core and the executor that ship, over a disk, a state machine and a network that obey the script.</summary>
internal sealed class ScenarioNode<TProbe>(int id, ScenarioCluster<TProbe> cluster) : IEffectTarget where TProbe : struct, IProbe
{
    private readonly Queue<Action> _reports = new();
    private readonly Dictionary<EntryId, Configuration> _received = [];
    private readonly List<string> _state = [];
    private EffectExecutor<TProbe, ScenarioNode<TProbe>>? _executor;
    private LogIndex _applied;
    private ulong _boot;
    private ulong _directory = (ulong)id;
    private uint _featureLevel = 1;

    internal int Id { get; } = id;

    internal MemberId Member => new((ulong)Id);

    internal ScenarioDisk Disk { get; } = new();

    internal RaftCore<TProbe> Core => _executor?.Core ?? throw new ScenarioException($"node {Id} is not running.");

    internal bool IsRunning => _executor is { HasStopped: false };

    internal bool IsPaused { get; set; }

    internal bool IsApplyHeld { get; set; }

    internal int HeldEffects => _executor?.Held ?? 0;

    internal Origin Origin => new(default, Member, new Incarnation(_directory), new Boot(_boot), _featureLevel);

    /// <summary>What the state machine holds, and the index up to which it has applied.</summary>
    internal IReadOnlyList<string> State => _state;

    internal LogIndex AppliedByState => _applied;

    /// <summary>Snapshots that arrived and are on this node's disk beside its state.</summary>
    internal Dictionary<EntryId, SnapshotImage> Arrived { get; } = [];

    internal void Start(RaftOptions options, Raft.Recovery.RecoveryMode mode)
    {
        _boot++;
        _featureLevel = options.FeatureLevel;
        _state.Clear();
        _reports.Clear();
        _applied = LogIndex.Zero;
        if (Disk.Stable.Snapshot is { } snapshot) Adopt(snapshot);
        var complete = options with
        {
            Self = Member, Incarnation = new Incarnation(_directory), Boot = new Boot(_boot), Seed = (ulong)Id * 1000 + _boot,
        };
        var core = new RaftCore<TProbe>(complete, Disk.Stable.Recover(mode), cluster.NewProbe(), cluster.Now);
        _executor = new EffectExecutor<TProbe, ScenarioNode<TProbe>>(core, this);
    }

    internal void Crash(int operationsKept)
    {
        _executor = null;
        _reports.Clear();
        Arrived.Clear();
        IsPaused = IsApplyHeld = false;
        Disk.Crash(operationsKept);
    }

    /// <summary>A new disk: nothing of what the old one promised is known any more.</summary>
    internal void Wipe()
    {
        Disk.Wipe();
        (_boot, _directory) = (0, _directory + 100);
    }

    /// <summary>Everything that enters the core passes here: a core that finds a rule broken is stopped, as a host would.</summary>
    internal void Input(Action<RaftCore<TProbe>> input)
    {
        try
        {
            input(Core);
        }
        catch (InvariantBrokenException broken)
        {
            cluster.Narrator.Tell(Id, $"broke a rule and stopped: {broken.Rule}");
            Crash(0);
        }
    }

    internal void Deliver(Letter letter)
    {
        var next = 0;
        foreach (var entry in letter.Entries)
            if (entry.Kind == EntryKind.Configuration && next < letter.Configurations.Length)
                _received[entry.Id] = letter.Configurations[next++];
        Input(core =>
        {
            var refused = core.Step(letter.Origin, letter.Message, letter.Entries, letter.Configurations);
            if (refused != Rejection.None && !IsLateVote(letter, refused))
                cluster.Narrator.Tell(Id, $"ignored {Wording.Of(letter)}: {refused}");
        });
    }

    /// <summary>After every election the last votes come too late; to say so each time would be noise.</summary>
    private static bool IsLateVote(Letter letter, Rejection refused) =>
        refused == Rejection.AnswersNothing && (letter.Message.Kind is MessageKind.PreVoteResponse or MessageKind.VoteResponse);

    /// <summary>Carries out effects, syncs an idle disk, and hands in what was reported; false when nothing was left to do.</summary>
    internal bool Work()
    {
        if (!IsRunning) return false;
        Input(_ => _executor!.Run());
        if (!IsRunning) return false;
        if (!Disk.IsHeld && Disk.Unsynced > 0)
        {
            Sync(int.MaxValue);
            return true;
        }
        if (!_reports.TryDequeue(out var report)) return false;
        report();
        return true;
    }

    internal void Sync(int operationsMax)
    {
        if (!Disk.TrySync(operationsMax, out var upTo)) return;
        Input(_ => _executor!.OnDurable(upTo));
    }

    /// <summary>The state machine reports how far it came, unless the script holds it.</summary>
    internal void ReportApplied()
    {
        var applied = _applied;
        if (IsApplyHeld) return;
        _reports.Enqueue(() =>
        {
            if (applied > Core.Applied) Input(core => core.OnApplied(applied));
        });
    }

    public void SaveHardState(IoSeq io, HardState hardState)
    {
        var vote = hardState.VotedFor;
        if (!vote.IsNone && vote != Member) cluster.Narrator.Tell(Id, $"voted for {vote.Value} in term {hardState.Term}");
        var words = $"term {hardState.Term}" + (vote.IsNone ? "" : $" with a vote for {vote.Value}");
        Disk.Write(io, words, log => log.HardState = hardState);
    }

    public void AppendEntries(IoSeq io, ReadOnlySpan<EntryRef> entries, Configuration? authored)
    {
        var stored = new StoredEntry[entries.Length];
        for (var i = 0; i < stored.Length; i++)
        {
            var configuration = entries[i].Kind == EntryKind.Configuration ? authored ?? _received[entries[i].Id] : null;
            stored[i] = new StoredEntry(entries[i], configuration);
        }
        var own = Core.Role == Role.Leader;
        cluster.Narrator.Tell(Id, own ? $"appended {cluster.Words(stored)}" : $"stored {Wording.Range(entries)}");
        Disk.Write(io, Wording.Range(entries), log => log.Append(stored));
    }

    public void TruncateSuffix(IoSeq io, LogIndex from)
    {
        var first = Disk.Seen.At(from)?.Entry.Id.ToString() ?? $"{from}";
        cluster.Narrator.Tell(Id, first == Disk.Seen.Last.ToString() ? $"cut back {first}" : $"cut back {first} to {Disk.Seen.Last}");
        Disk.Write(io, $"the cut from {first}", log => log.TruncateFrom(from));
    }

    public void InstallSnapshot(IoSeq io, EntryId snapshot, Configuration configuration)
    {
        var image = Arrived[snapshot];
        cluster.Narrator.Tell(Id, $"installed snapshot {snapshot}");
        Disk.Write(io, $"snapshot {snapshot}", log => log.Install(image));
    }

    public void CompactPrefix(IoSeq io, LogIndex boundary)
    {
        cluster.Narrator.Tell(Id, $"forgot its log through {boundary}");
        Disk.Write(io, $"forgetting through {boundary}", log => log.CompactThrough(boundary));
    }

    public void Send(in Message message, LogIndex first, LogIndex last)
    {
        var entries = new List<EntryRef>();
        var configurations = new List<Configuration>();
        for (var index = first; index <= last; index = index.Next)
        {
            var stored = Disk.Seen.At(index) ?? throw new ScenarioException($"node {Id} has no entry {index} to send.");
            entries.Add(stored.Entry);
            if (stored.Configuration is { } configuration) configurations.Add(configuration);
        }
        cluster.Network.Send(new Letter(Origin, message, [.. entries], [.. configurations]));
    }

    public void Apply(LogIndex first, LogIndex last)
    {
        cluster.Narrator.Tell(Id, $"committed up to {last}");
        for (var index = first; index <= last; index = index.Next)
        {
            var stored = Disk.Seen.At(index) ?? throw new ScenarioException($"node {Id} has no entry {index} to apply.");
            cluster.Witness(Id, stored.Entry.Id);
            if (stored.Entry.Kind == EntryKind.Data) _state.Add(cluster.PayloadOf(stored.Entry));
        }
        _applied = last;
        ReportApplied();
    }

    public void RestoreSnapshot(EntryId snapshot)
    {
        Adopt(Arrived[snapshot]);
        ReportApplied();
    }

    private void Adopt(SnapshotImage image)
    {
        _state.Clear();
        _state.AddRange(image.State);
        _applied = image.Id.Index;
    }

    public void Complete(Correlation correlation, Outcome outcome, EntryId entry, MemberId leader) =>
        cluster.Narrator.TellAnswer(
            Id, cluster.TakeRequest(correlation), Wording.Of(outcome, cluster.IsBatch(correlation) ? EntryId.Start : entry, leader));

    public void CompleteRead(Correlation correlation, Outcome outcome, LogIndex index, MemberId leader)
    {
        var verdict = outcome.Verdict == Verdict.Done ? $"may read at {index}" : Wording.Of(outcome, default, leader);
        cluster.Narrator.TellAnswer(Id, cluster.TakeRequest(correlation), verdict);
    }

    public void LoadEntries(MemberId peer, LogIndex first, LogIndex last, ulong bytesMax)
    {
        ulong bytes = 0;
        var reach = first;
        for (var index = first; index <= last && Disk.Seen.At(index) is { } stored; index = index.Next)
        {
            bytes += stored.Entry.Length;
            if (bytes > bytesMax && index > first) break;
            reach = index;
        }
        cluster.Narrator.Tell(Id, $"read old entries from {first} for {peer.Value}");
        _reports.Enqueue(() => Input(core => core.OnEntriesLoaded(peer, first, reach, bytes)));
    }

    public void StartSnapshotTransfer(MemberId peer, EntryId snapshot, LogIndex session)
    {
        cluster.Narrator.Tell(Id, $"began to send snapshot {snapshot} to {peer.Value}");
        cluster.Transfers.Begin(Id, (int)peer.Value, Disk.Stable.Snapshot!, session);
    }

    public void AbortSnapshotTransfer(MemberId peer, EntryId snapshot)
    {
        if (cluster.Transfers.End(Id, (int)peer.Value)) cluster.Narrator.Tell(Id, $"stopped sending snapshot {snapshot} to {peer.Value}");
    }

    public void ReceiveSnapshot(MemberId leader, EntryId snapshot) =>
        cluster.Narrator.Tell(Id, $"made room for snapshot {snapshot} from {leader.Value}");

    public void RoleChanged(Role role, MemberId leader, HardState hardState) => cluster.Narrator.Tell(Id, role switch
    {
        Role.Leader => $"became leader in term {hardState.Term}",
        Role.Candidate => $"stood for election in term {hardState.Term}",
        Role.PreCandidate => $"asked whether it could win term {hardState.Term.Next()}",
        _ when leader.IsNone => $"became follower in term {hardState.Term}",
        _ => $"followed {leader.Value} in term {hardState.Term}",
    });

    public void ConfigurationChanged(Configuration configuration, LogIndex index, bool committed) => cluster.Narrator.Tell(
        Id, committed ? $"knew configuration {index} committed" : $"adopted configuration {index} {Wording.Configuration(configuration)}");

    public void RecoveryCompleted() => cluster.Narrator.Tell(Id, "completed its repair");

    public void RemovedFromCluster() => cluster.Narrator.Tell(Id, "learned that it was removed");

    public void FailStop(StopReason why)
    {
        cluster.Narrator.Tell(Id, $"stopped for good: {why}");
    }
}

using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica.Execution;

namespace Balsa.Bench.CoreBench;

/// <summary>
/// One voter whose disk is instant and whose network is an array: what remains is the core and the executor. Everything
/// it needs is allocated before the clock starts.
/// </summary>
internal sealed class BenchMember : IEffectTarget
{
    private const int EntriesKept = 1 << 14;
    private readonly EntryRef[] _entries = new EntryRef[EntriesKept];
    private readonly BenchMember[] _cluster;
    private readonly Origin _origin;
    private Letter[] _inbox = new Letter[64], _reading = new Letter[64];
    private EntryRef[] _inboxEntries = new EntryRef[1024], _readingEntries = new EntryRef[1024];
    private int _letters, _letterEntries;
    private IoSeq _written;
    private LogIndex _toApply;

    private struct Letter
    {
        internal Origin From;
        internal Message Message;
        internal int Start, Count;
    }

    internal BenchMember(BenchMember[] cluster, ulong id, Configuration configuration)
    {
        _cluster = cluster;
        _origin = new Origin(default, new MemberId(id), new Incarnation(id), new Boot(1), 1);
        var options = new RaftOptions { Self = new(id), Incarnation = new(id), Boot = new(1), Seed = id };
        var core = new RaftCore<NoProbe>(options, RecoveredState.Fresh(configuration), default, now: 0);
        Executor = new EffectExecutor<NoProbe, BenchMember>(core, this);
    }

    internal EffectExecutor<NoProbe, BenchMember> Executor { get; }

    internal long Completed { get; private set; }

    internal long Failed { get; private set; }

    internal bool HasMail => _letters > 0;

    /// <summary>Hands in what arrived, and carries out what follows, until the disk owes nothing.</summary>
    internal void Turn()
    {
        (_inbox, _reading) = (_reading, _inbox);
        (_inboxEntries, _readingEntries) = (_readingEntries, _inboxEntries);
        var letters = _letters;
        _letters = _letterEntries = 0;
        for (var i = 0; i < letters; i++)
        {
            ref readonly var letter = ref _reading[i];
            Executor.Core.Step(letter.From, letter.Message, _readingEntries.AsSpan(letter.Start, letter.Count));
        }
        Settle();
    }

    internal void Settle()
    {
        do
        {
            Executor.Run();
            if (_written > Executor.Durable) Executor.OnDurable(_written);
            if (_toApply > Executor.Core.Applied) Executor.Core.OnApplied(_toApply);
        }
        while (_written > Executor.Durable || Executor.Core.Applied < _toApply);
        Executor.Run();
    }

    public void AppendEntries(IoSeq io, ReadOnlySpan<EntryRef> entries, Configuration? authored)
    {
        foreach (ref readonly var entry in entries) _entries[entry.Id.Index.Value & (EntriesKept - 1)] = entry;
        _written = io;
    }

    public void Send(in Message message, LogIndex first, LogIndex last) =>
        _cluster[message.To.Value - 1].Receive(_origin, message, this, first, last);

    private void Receive(in Origin from, in Message message, BenchMember sender, LogIndex first, LogIndex last)
    {
        if (_letters == _inbox.Length) Array.Resize(ref _inbox, _inbox.Length * 2);
        ref var letter = ref _inbox[_letters++];
        (letter.From, letter.Message, letter.Start) = (from, message, _letterEntries);
        for (var index = first; index <= last; index = index.Next)
        {
            if (_letterEntries == _inboxEntries.Length) Array.Resize(ref _inboxEntries, _inboxEntries.Length * 2);
            _inboxEntries[_letterEntries++] = sender._entries[index.Value & (EntriesKept - 1)];
        }
        letter.Count = _letterEntries - letter.Start;
    }

    public void Complete(Correlation correlation, Outcome outcome, EntryId entry, MemberId leader)
    {
        if (outcome.Verdict == Verdict.Done) Completed++; else Failed++;
    }

    public void SaveHardState(IoSeq io, HardState hardState) => _written = io;

    public void TruncateSuffix(IoSeq io, LogIndex from) => _written = io;

    public void CompactPrefix(IoSeq io, LogIndex boundary) => _written = io;

    public void InstallSnapshot(IoSeq io, EntryId snapshot, Configuration configuration) => throw NotPartOfThis();

    public void Apply(LogIndex first, LogIndex last) => _toApply = last;

    public void RestoreSnapshot(EntryId snapshot) => throw NotPartOfThis();

    public void CompleteRead(Correlation correlation, Outcome outcome, LogIndex index, MemberId leader) => throw NotPartOfThis();

    public void LoadEntries(MemberId peer, LogIndex first, LogIndex last, ulong bytesMax) => throw NotPartOfThis();

    public void StartSnapshotTransfer(MemberId peer, EntryId snapshot, LogIndex session) => throw NotPartOfThis();

    public void AbortSnapshotTransfer(MemberId peer, EntryId snapshot) => throw NotPartOfThis();

    public void ReceiveSnapshot(MemberId leader, EntryId snapshot) => throw NotPartOfThis();

    public void RoleChanged(Role role, MemberId leader, HardState hardState)
    {
    }

    public void ConfigurationChanged(Configuration configuration, LogIndex index, bool committed)
    {
    }

    public void RecoveryCompleted() => throw NotPartOfThis();

    public void RemovedFromCluster() => throw NotPartOfThis();

    public void FailStop(StopReason why) => throw new InvalidOperationException($"The core stopped during the benchmark: {why}.");

    private static InvalidOperationException NotPartOfThis() => new("The benchmark has no reads, snapshots or faults.");
}

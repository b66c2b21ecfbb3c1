using Balsa.KeyValue.Alarms;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Compaction;
using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Sessions;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Store;

/// <summary>
/// The replicated key-value store: a pure function of the entries applied. One thread applies, publishes and works; what it
/// publishes, any thread may read.
/// </summary>
public sealed class KeyValueStore<TProbe> where TProbe : struct, IStoreProbe
{
    private const int SessionsExpiredMax = 16;

    private readonly StoreOptions _options;
    private readonly TProbe _probe;
    private readonly MemoryParts _memory;
    private readonly LeaseTable _leases = new();
    private readonly AlarmTable _alarms = new();
    private readonly SessionTable<TProbe> _sessions;
    private readonly Mutations<TProbe> _mutations;
    private readonly CommandRunner<TProbe> _runner;
    private readonly Compactor<TProbe> _compactor;
    private readonly ByteWriter _answer = new();
    private readonly ByteWriter _kept = new();
    private readonly Pins _pins = new();
    private ReaderFloor _floor = ReaderFloor.None;
    private SnapshotWriter<TProbe>? _snapshot;

    public KeyValueStore(StoreOptions options, TProbe probe = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _probe) = (options, probe);
        _memory = new MemoryParts(options);
        _sessions = new SessionTable<TProbe>(options, probe);
        _mutations = new Mutations<TProbe>(_memory, probe);
        _runner = new CommandRunner<TProbe>(options, _mutations, _leases, _alarms, _sessions, probe);
        _compactor = new Compactor<TProbe>(_memory, probe);
    }

    /// <summary>Counts commands that changed keys; an empty store is at 1.</summary>
    public long Revision => _mutations.Revision;

    /// <summary>Older revisions cannot be asked for; -1: nothing was ever compacted.</summary>
    public long Compacted => _mutations.Compacted;

    /// <summary>Live keys.</summary>
    public long Keys => _memory.Keys.Live;

    /// <summary>The newest entry applied.</summary>
    public EntryId Applied { get; private set; }

    /// <summary>The newest log time seen, in ticks of 100 ns.</summary>
    public long LogTime { get; private set; }

    /// <summary>Over every entry applied and every answer given: equal on all members at the same index.</summary>
    public ulong HistoryHash { get; private set; }

    /// <summary>Over what the state says now: live keys, leases, sessions, alarms and revisions.</summary>
    public ulong ContentHash
    {
        get
        {
            var hash = Hash64.Join(_mutations.ContentSum, (ulong)Revision);
            hash = Hash64.Join(hash, (ulong)Compacted);
            hash = Hash64.Join(hash, _leases.ContentHash);
            hash = Hash64.Join(hash, _sessions.ContentHash);
            return Hash64.Join(Hash64.Join(hash, _alarms.ContentHash), (ulong)LogTime);
        }
    }

    /// <summary>The leases, for whoever watches over their time.</summary>
    public ILeaseSource Leases => _leases;

    /// <summary>Alarms that are raised; any thread may ask.</summary>
    public IReadOnlyList<Answers.RaisedAlarm> RaisedAlarms => _alarms.All;

    public StoreSizes Sizes => new(
        _memory.Records.AllocatedBytes + _memory.Pages.AllocatedBytes + _memory.Events.AllocatedBytes,
        _memory.Records.UsedBytes + _memory.Pages.UsedBytes + _memory.Events.UsedBytes,
        _memory.Retirements.Pages * Trees.PageHeap.PageWords * 8L);

    internal MemoryParts Memory => _memory;

    internal Mutations<TProbe> Mutations => _mutations;

    internal LeaseTable LeaseTable => _leases;

    internal SessionTable<TProbe> Sessions => _sessions;

    internal AlarmTable Alarms => _alarms;

    internal Pins Pins => _pins;

    internal StoreOptions Options => _options;

    internal TProbe Probe => _probe;

    /// <summary>
    /// Applies one committed entry and gives its answer, which is valid until the next call. A command that cannot be read
    /// is refused like any wrong request; only a kind or version that this build does not know throws.
    /// </summary>
    /// <exception cref="UnknownCommandException">A newer build wrote it; nothing was applied.</exception>
    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        var kind = CommandRunner<TProbe>.KindOf(envelope);
        _answer.Clear();
        LogTime = Math.Max(LogTime, Math.Min(envelope.LogTime, Session.LastUseMax));
        _sessions.Expire(LogTime, SessionsExpiredMax);
        if (envelope.Session == 0 || kind == CommandKind.SessionOpen) _runner.Run(kind, entry, LogTime, envelope, command, _answer);
        else ApplyOnce(kind, entry, envelope, command);
        HistoryHash = Hash64.Join(Hash64.Join(HistoryHash, HashOf(envelope)), Hash64.Of(_answer.Written));
        Applied = entry;
        if (_probe.Plants(StoreMutant.LegalCompactionAtOnce)) Work(int.MaxValue);
        return _answer.Written;
    }

    /// <summary>
    /// Ends a batch: what was applied can be read. Call it again with the oldest floor of all views that are still in use,
    /// and <see cref="ReaderFloor.None"/> when there is none.
    /// </summary>
    public StoreView Publish(ReaderFloor floor)
    {
        var state = new Ranges.StateReader(_memory.Keys.Reader, _memory.Records.Reader, Revision, Revision, Compacted);
        var view = new StoreView<TProbe>(
            state, _memory.LeaseKeys.Reader, _memory.Events.Rows, _memory.Epoch, Keys, _options, _probe);
        // The new view itself is in use until the next one takes its place.
        _floor = new ReaderFloor(floor.Epoch, Math.Min(floor.Revision, view.Compacted));
        _memory.Retirements.EndEpoch(Math.Min(floor.Epoch, _memory.Epoch));
        _memory.Epoch++;
        return view;
    }

    /// <summary>Frees some of what was compacted, about so many steps of a microsecond; true while there is more to do.</summary>
    public bool Work(int steps)
    {
        var isFreeing = _memory.Retirements.FreeUpTo(Math.Min(_floor.Epoch, _memory.Epoch - 1), steps);
        var held = Math.Min(_floor.Revision, _pins.Lowest);
        if (_probe.Plants(StoreMutant.CompactionFreesPinned)) held = long.MaxValue;
        return _compactor.Work(Math.Min(Compacted, held), steps) || isFreeing;
    }

    /// <summary>
    /// There is more to free as soon as readers have gone on to newer views: of that the store hears when it publishes.
    /// </summary>
    public bool WaitsForReaders => _memory.Retirements.Count > 0 || _floor.Revision < Math.Min(Compacted, _pins.Lowest);

    /// <summary>Begins to write the state as it is now; null while another snapshot is being written.</summary>
    public SnapshotWriter<TProbe>? BeginSnapshot() => _snapshot is null ? _snapshot = new SnapshotWriter<TProbe>(this) : null;

    /// <summary>Begins to compute the hash of the live keys anew.</summary>
    public ContentScrub<TProbe> BeginScrub() => new(this);

    internal void EndSnapshot(SnapshotWriter<TProbe> ended)
    {
        if (_snapshot == ended) _snapshot = null;
    }

    internal void Restored(EntryId applied, long logTime, ulong historyHash) =>
        (Applied, LogTime, HistoryHash) = (applied, logTime, historyHash);

    /// <summary>A request of a session runs the first time; later it gets the answer of the first time.</summary>
    private void ApplyOnce(CommandKind kind, EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        var verdict = _sessions.Begin(envelope.Session, envelope.Request, LogTime);
        if (verdict.Runs)
        {
            _runner.Run(kind, entry, LogTime, envelope, command, _answer);
            if (envelope.Request == 0) return;
            _kept.Clear();
            _kept.Byte((byte)kind);
            _kept.Raw(_answer.Written);
            _sessions.Remember(envelope.Session, envelope.Request, Revision, _kept.Written);
        }
        else if (verdict.Error == StoreError.None)
        {
            // The same number for another kind of request is the client's mistake, and it could not read the first answer.
            if (!verdict.Answer.IsEmpty && verdict.Answer[0] == (byte)kind) _answer.Raw(verdict.Answer[1..]);
            else AnswerWriter.Head(_answer, StoreError.Malformed, Revision);
        }
        else
        {
            AnswerWriter.Head(_answer, verdict.Error, verdict.Error == StoreError.AnswerNotKept ? verdict.Revision : Revision);
        }
    }

    /// <summary>The command itself has a checksum in the log, and what it did shows in the answer and in the content.</summary>
    private static ulong HashOf(in EntryEnvelope envelope)
    {
        Span<byte> head = stackalloc byte[EntryEnvelope.Bytes];
        envelope.Write(head);
        return Hash64.Of(head);
    }
}

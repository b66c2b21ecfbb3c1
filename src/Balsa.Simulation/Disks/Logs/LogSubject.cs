using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Disks.Drills;
using Balsa.Simulation.Disks.Lanes;
using Balsa.Simulation.Randomness;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Reading;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Simulation.Disks.Logs;

/// <summary>The log of one member, in segments so small that it changes them all the time.</summary>
internal sealed class LogSubject<TProbe> : IDrillSubject, IWalSource where TProbe : struct, IStorageProbe
{
    private const string Path = "/disk/data";
    private const int HeaderBytes = 56;
    private static readonly DirectoryIdentity Owner = new(0xC0FFEE, new MemberId(1), new Incarnation(0xA11CE));

    private readonly LogTruth _truth = new();
    private readonly LogScript _script;
    private readonly LogModel _found = new();
    private readonly Witnesses _witnesses = new();
    private readonly byte[] _scratch = new byte[64 * 1024];
    private WalOptions _options = new();
    private Configuration[] _configurations = [];
    private Dice _dice = new(0);
    private int _attempts;
    private bool _isRepairing, _isStopping, _isRolledBack, _isConfirmed, _isHardStateTold;

    private DirectoryOpener<TProbe>? _opener;
    private EntryReader<TProbe>? _reader;
    private VirtualLanes? _lanes;
    private Lane? _writing, _keeping, _reading;

    internal LogSubject() => _script = new LogScript(_truth);

    public IReadOnlyList<IoSite> Sites { get; } = LogSites.All;

    public long Acknowledged => _truth.Acknowledged;

    public bool ClaimsDamage => Log.Mode != RecoveryMode.Intact || Log.Damage is not null;

    public string Claim => $"{Log.Mode}, {Log.Damage?.ToString() ?? "nothing damaged"}, {Log.Lost?.ToString() ?? "nothing lost"}";

    public Judgement Complaint { get; private set; }

    public bool IsSettled => _truth.IsSettled;

    private OpenDirectory<TProbe> Directory => _opener!.Opened!;

    private OpenedLog Log => Directory.Log;

    private bool IsStopped => _isStopping && _writing is { State: LaneState.Ended, Failure: null };

    public void Reset(Dice dice, bool isSmall)
    {
        _dice = dice;
        _configurations = dice.Chance(850)
            ? [Configuration.OfVoters(1, 2, 3), Configuration.OfVoters(1, 2)]
            : [Configuration.OfVoters(1)];
        _options = new WalOptions
        {
            BlockBytes = 512,
            SegmentBytes = 512 * (isSmall ? 8 : dice.OneOf(8, 8, 8, 12, 16, 32)),
            BatchBytesMax = dice.OneOf(300, 1500, 6000, 1 << 20),
            SpareSegments = dice.OneOf(1, 1, 1, 2),
        };
        _truth.Reset(_configurations[0]);
        (_attempts, _isRepairing, _isStopping, _opener) = (0, false, false, null);
        _witnesses.Clear();
        Complaint = Judgement.Good;
    }

    public void CopyFrom(IDrillSubject other)
    {
        var log = (LogSubject<TProbe>)other;
        _truth.CopyFrom(log._truth);
        (_options, _configurations, _attempts, _opener) = (log._options, log._configurations, log._attempts, null);
        Complaint = Judgement.Good;
    }

    public IEnumerable<IoStep> Open()
    {
        _attempts++;
        _isStopping = false;
        _isRepairing = false;
        _opener = new DirectoryOpener<TProbe>(new OpeningOptions
        {
            Path = Path, Owner = Owner, Founding = _configurations[0], Wal = _options,
        });
        return _opener.Run();
    }

    public void Start(VirtualLanes lanes)
    {
        _lanes = lanes;
        _writing = lanes.Add("log", Directory.Writer.Run(this));
        _keeping = lanes.Add("spares", Directory.Spares.Run());
        _reading = null;
        Directory.Writer.Wake = () => lanes.Wake(_writing);
        Directory.Spares.Wake = () => lanes.Wake(_keeping);
    }

    public long Act()
    {
        if (_isRepairing) return TimeSpan.TicksPerSecond;
        if (_dice.Chance(40)) ReadSome();
        var ticks = _script.Act(_dice, _options.RecordBytesMax - HeaderBytes - 8, _configurations, Directory.Writer.IsShort);
        if (_truth.HasWaiting) _lanes!.Wake(_writing!);
        return ticks;
    }

    public void Stop()
    {
        _isStopping = true;
        Directory.Writer.Stop();
        Directory.Spares.Stop();
        _lanes!.Wake(_writing!);
        _lanes.Wake(_keeping!);
    }

    public void Watch(FaultyDisk disk, IoStep step) => _witnesses.Watch(disk, step);

    void IWalSource.Fill(WalBatch batch)
    {
        while (_truth.HasWaiting && !batch.IsFull) _truth.Take().PutInto(batch, _scratch);
    }

    void IWalSource.OnDurable() => _truth.OnDurable();

    public IEnumerable<IoStep> ReadBack()
    {
        _found.Begin(Log.HardState, Directory.Base, Log.BaseConfiguration);
        foreach (var peer in Log.Peers) _found.Add(peer);
        _reader = Directory.NewReader();
        while (_found.LastIndex < Directory.Last.Index)
        {
            foreach (var step in _reader.Read(_found.LastIndex.Next, Directory.Last.Index, 20_000)) yield return step;
            foreach (var entry in _reader.Entries) _found.Add(ModelOf(entry));
            if (_reader.IsGone) break;
        }
        foreach (var step in _reader.Close()) yield return step;
    }

    public Judgement Compare()
    {
        if (Log.Base != Directory.Base)
            return new Judgement(DiskFinding.Lost, $"the log begins after {Log.Base}, and can be read after {Directory.Base}");
        var verdict = _truth.Accept(_found, Log.Boot, _attempts);
        if (verdict.IsGood) Begin();
        return verdict;
    }

    public Judgement CompareRead()
    {
        if (_found.Base != _truth.Durable.Base || _found.LastIndex != _truth.Durable.LastIndex)
            return new Judgement(DiskFinding.Lost, $"what is read again ends with {_found.Last} instead of {_truth.Durable.Last}");
        for (var index = _found.Base.Index.Next; index <= _found.LastIndex; index = index.Next)
            if (_found.EntryAt(index) != _truth.Durable.EntryAt(index))
                return new Judgement(DiskFinding.Undetected, $"entry {index} is {_found.EntryAt(index)} when it is read again");
        return Judgement.Good;
    }

    public Judgement CompareDamaged()
    {
        for (var i = 0; i < _found.Entries.Count; i++)
            if (!_truth.WasWritten(_found.Entries[i], _found.Base.Index + (ulong)i + 1))
                return new Judgement(DiskFinding.Invented, $"entry {_found.Base.Index + (ulong)i + 1} is {_found.Entries[i]}");
        if (Log.Mode == RecoveryMode.NeverCounts) return Judgement.Good;
        if (!_truth.IsCurrent(Log.HardState))
            return new Judgement(DiskFinding.Undetected, $"{Log.HardState} is taken for the newest instead of {_truth.Durable.HardState}");
        return Log.Boot > _truth.Boot
            ? Judgement.Good : new Judgement(DiskFinding.Undetected, $"start number {Log.Boot} follows {_truth.Boot} after damage");
    }

    public bool Assess(FaultyDisk disk, in Damage damage)
    {
        _isRolledBack = damage.Kind == DamageKind.OldFile && _witnesses.IsLive(disk, damage.File);
        MustNotice = damage.Kind != DamageKind.OldFile
            && (damage.Path.EndsWith("/identity", StringComparison.Ordinal) || _witnesses.MustNotice(disk, damage.File));
        // A file that is cut short or gone shows it by itself.
        var isSilent = damage.Kind is not (DamageKind.Truncated or DamageKind.Deleted);
        _isConfirmed = !isSilent || (_witnesses.Confirm(disk, damage.File) && _witnesses.Confirm(disk, damage.LandedFile));
        // A clean stop closes the log, whatever was written: there is no excuse, unless one lie hit the close and what it tells of.
        if (IsStopped && damage.Kind != DamageKind.MisdirectedWrite) return !(_isConfirmed = _isHardStateTold = true);
        _isHardStateTold = !isSilent
            || (_witnesses.TellHardState(disk, damage.File) && _witnesses.TellHardState(disk, damage.LandedFile));
        return !_isConfirmed && (_witnesses.IsInRecords(disk, damage.File) || _witnesses.IsInRecords(disk, damage.LandedFile));
    }

    public bool MustNotice { get; private set; }

    public Excuse FindExcuse()
    {
        if (_isRolledBack) return Excuse.RolledBack;
        if (ClaimsDamage) return _isHardStateTold ? Excuse.None : Excuse.Unconfirmed;
        return !_isConfirmed && Log.Base == Directory.Base && _truth.WasHeld(_found) ? Excuse.Unconfirmed : Excuse.None;
    }

    public DamageTarget PickTarget(FaultyDisk disk, Dice dice, bool isOld) => LogTargets.Pick(disk, dice, isOld);

    public bool TryRepair()
    {
        if (Log.Mode != RecoveryMode.Repairing || !_truth.TryRepair(_found, Log.Boot)) return false;
        Begin();
        return _isRepairing = true;
    }

    private static ModelEntry ModelOf(in LogEntry entry) =>
        new(entry.Ref.Id.Term, entry.Ref.Kind, entry.Payload.Length, Crc32C.Of(entry.Payload.Span));

    private void Begin() => _attempts = 0;

    /// <summary>As followers are fed: beside the writer, from entries that may be cut or compacted meanwhile.</summary>
    private void ReadSome()
    {
        if (_reading is { State: not LaneState.Ended } || _truth.Durable.Entries.Count == 0) return;
        var durable = _truth.Durable;
        var first = durable.Base.Index + (ulong)_dice.Between(1, durable.Entries.Count);
        var last = LogIndex.Smaller(durable.LastIndex, first + (ulong)_dice.Below(12));
        _reading = _lanes!.Add("reading", ReadSome(_reader!, first, last));
    }

    private IEnumerable<IoStep> ReadSome(EntryReader<TProbe> reader, LogIndex first, LogIndex last)
    {
        var (mustBeThere, removals) = (_truth.IsSettled, _truth.Removals);
        foreach (var step in reader.Read(first, last, 4000)) yield return step;
        for (var i = 0; i < reader.Entries.Count; i++)
            if (!_truth.WasWritten(ModelOf(reader.Entries[i]), first + (ulong)i))
                Complaint = new Judgement(DiskFinding.Invented, $"entry {first + (ulong)i} was read as {ModelOf(reader.Entries[i])}");
        if (reader.IsGone && mustBeThere && removals == _truth.Removals)
            Complaint = new Judgement(DiskFinding.Lost, $"entry {first + (ulong)reader.Entries.Count} is said to be gone");
        if (!_dice.Chance(300)) yield break;
        foreach (var step in reader.Close()) yield return step;
    }
}

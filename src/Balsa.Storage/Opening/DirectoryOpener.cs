using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.Reading;
using Balsa.Storage.Wal.Recovering;
using Balsa.Storage.Wal.State;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Storage.Opening;

/// <summary>
/// Opens a data directory, or makes it: lock, identity, log, and the number of this start. Half of a directory, one that
/// belongs to somebody else, and one whose damage nobody could repair are refused; nothing is guessed.
/// </summary>
/// <remarks>
/// Whatever was read counts from here on, so it is made durable first: a process that was killed leaves writes and names
/// that a power cut would still take back.
/// </remarks>
public sealed class DirectoryOpener<TProbe> where TProbe : struct, IStorageProbe
{
    private readonly IoStep _io = new();
    private readonly OpeningOptions _options;
    private readonly WalOptions _wal;
    private readonly string _log;
    private readonly DirectoryHold _hold;
    private readonly LogState _state = new();
    private DirectoryIdentity _owner = null!;
    private SegmentStarter<TProbe> _starter = null!;
    private LogRecovery<TProbe>? _recovery;
    private LiveSegment? _live;

    public DirectoryOpener(OpeningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _wal) = (options, options.Wal.Validated());
        _log = Path.Combine(options.Path, DirectoryNames.Log);
        _hold = new DirectoryHold(options.Path, _io);
    }

    /// <summary>The result, when the steps are done.</summary>
    public OpenDirectory<TProbe>? Opened { get; private set; }

    private static bool Plants(StorageMutant mutant) => default(TProbe).Plants(mutant);

    /// <exception cref="StorageException">Thrown between steps: the directory is not opened, and why.</exception>
    public IEnumerable<IoStep> Run()
    {
        foreach (var step in _hold.Take()) yield return step;
        foreach (var step in _hold.Listing.HasIdentity ? OpenExisting() : MakeNew()) yield return step;
        foreach (var step in RemoveLeftovers()) yield return step;
        foreach (var step in CountStart()) yield return step;
        Opened = Assemble();
    }

    /// <summary>After a failure: gives the lock back.</summary>
    public IEnumerable<IoStep> Abandon()
    {
        var io = new IoStep();
        foreach (var file in new[] { _live?.File, _hold.Lock })
        {
            if (file is not { IsOpen: true }) continue;
            yield return io.Close(file);
            _ = io.Error;
        }
    }

    private IEnumerable<IoStep> MakeNew()
    {
        _owner = _options.Owner
            ?? throw new StorageException($"{_options.Path} has no identity: it is no data directory of a member.");
        _starter = new SegmentStarter<TProbe>(_wal, _owner, _options.Path, _hold.Listing, _state, _io);
        var first = new FirstStart<TProbe>(_options, _owner, _hold.Listing, _state, _starter, _io);
        foreach (var step in first.Run()) yield return step;
        _live = _starter.Begun;
    }

    private IEnumerable<IoStep> OpenExisting()
    {
        var file = new IdentityFile<TProbe>(_options.Path, _io);
        foreach (var step in file.Read()) yield return step;
        _owner = file.Found!;
        if (_options.Owner is { } owner && owner != _owner)
        {
            throw new StorageException(
                $"{_options.Path} belongs to {_owner}, not to {owner}. Start it with the identity it has, or choose another directory.");
        }

        if (_hold.Listing.Segments.Count == 0)
        {
            throw new StorageException(
                $"{_options.Path} has an identity but no log in {_log}. What this member promised is lost: restore the log, "
                + "or replace this member.");
        }

        _starter = new SegmentStarter<TProbe>(_wal, _owner, _options.Path, _hold.Listing, _state, _io);
        foreach (var step in Recover()) yield return step;
    }

    private IEnumerable<IoStep> Recover()
    {
        var recovery = _recovery = new LogRecovery<TProbe>(_owner, _log, _state, _io);
        foreach (var step in recovery.Run(_hold.Listing.Segments)) yield return step;
        if (recovery.Damage is not null)
        {
            DamageVerdict.Judge(_options, _owner, _state, recovery.Damage, recovery.Configurations);
            if (Plants(StorageMutant.RecoveringForgotten)) _state.AcceptLoss();
        }

        foreach (var step in SecureRecovered()) yield return step;
        var left = recovery.Before;
        if (_live is null)
        {
            var end = recovery.End;
            foreach (var step in _starter.Begin(_hold.Listing.Segments[^1] + 1, end)) yield return step;
            _live = _starter.Begun;
            left = end.Sequence == 0 ? null : (end, recovery.LastMark, recovery.LastHead.BlockBytes);
        }

        if (left is { } before && !before.Mark.LeftForNext)
        {
            foreach (var step in _starter.MarkAsLeft(before.End, before.Mark, before.BlockBytes)) yield return step;
        }

        foreach (var step in SetAsideVoid(recovery.Void)) yield return step;
    }

    /// <summary>What was read back is made durable, and the segment that can be continued is taken into use.</summary>
    private IEnumerable<IoStep> SecureRecovered()
    {
        yield return _io.SyncDirectory(IoSite.SyncRecoveredNames, _options.Path);
        _io.OrRefuse(_options.Path);
        yield return _io.SyncDirectory(IoSite.SyncRecoveredNames, _log);
        _io.OrRefuse(_options.Path);
        var end = _recovery!.End;
        if (end.Sequence == 0) yield break;
        var file = new StoredFile(Path.Combine(_log, SegmentName.OfLive(end.Sequence)));
        yield return _io.Open(IoSite.OpenSegment, file);
        _io.OrRefuse(_options.Path);
        var (offset, unproven) = _recovery.Unproven;
        if (unproven.Length > 0 && !Plants(StorageMutant.UnprovenTrusted))
        {
            yield return _io.Write(IoSite.SyncRecovered, file, offset, unproven);
            _io.OrRefuse(_options.Path);
        }

        yield return _io.Sync(IoSite.SyncRecovered, file);
        _io.OrRefuse(_options.Path);
        if (_recovery.CanContinue && !Plants(StorageMutant.LegalNewSegmentAtEveryStart))
        {
            var head = _recovery.LastHead;
            var mark = _recovery.LastMark;
            _live = new LiveSegment(file, end.Sequence, (int)head.SegmentBytes, head.BlockBytes)
            {
                End = end.End, Durable = end.End, Chain = end.Chain, CloseNumber = mark.Number, ClosedUpTo = mark.DurableUpTo,
            };
            yield break;
        }

        yield return _io.Close(file);
        _ = _io.Error;
    }

    private IEnumerable<IoStep> SetAsideVoid(IReadOnlyList<ulong> sequences)
    {
        foreach (var sequence in sequences)
        {
            yield return _io.Rename(
                IoSite.RenameDamaged, Path.Combine(_log, SegmentName.OfLive(sequence)),
                Path.Combine(_log, SegmentName.OfDamaged(sequence)));
            _io.OrRefuse(_options.Path);
        }

        if (sequences.Count == 0) yield break;
        yield return _io.SyncDirectory(IoSite.SyncRecoveredNames, _log);
        _io.OrRefuse(_options.Path);
    }

    private IEnumerable<IoStep> RemoveLeftovers()
    {
        foreach (var name in _hold.Listing.Leftovers)
        {
            yield return _io.Delete(IoSite.DeleteLeftover, Path.Combine(_options.Path, name));
            if (_io.Error != DiskError.NotFound) _io.OrRefuse(_options.Path);
        }
    }

    /// <summary>The number of this start is on stable media before the node says a word.</summary>
    private IEnumerable<IoStep> CountStart()
    {
        var batch = new WalBatch(_wal);
        if (!Plants(StorageMutant.BootNotRaised)) batch.AddBoot(_wal.Group, new Boot(_state.Boot.Value + 1));
        var sealer = new RecordSealer<TProbe>(_owner, _state);
        var bytes = batch.Place(sealer, _live!);
        if (!batch.IsPlaced)
        {
            var left = _live!;
            var end = new LogPlace(left.Sequence, left.End, left.Chain);
            foreach (var step in _starter.Begin(left.Sequence + 1, end)) yield return step;
            _live = _starter.Begun;
            var newest = new CloseMark(left.CloseNumber, left.ClosedUpTo, left.Chain, _state.Epoch);
            foreach (var step in _starter.MarkAsLeft(end, newest, left.BlockBytes)) yield return step;
            yield return _io.Close(left.File);
            _ = _io.Error;
            bytes = batch.Place(sealer, _live!);
        }

        Invariant.Check(batch.IsPlaced);
        yield return _io.Write(IoSite.WriteBatch, _live!.File, _live.End - bytes.Length, bytes);
        _io.OrRefuse(_options.Path);
        yield return _io.Sync(IoSite.SyncBatch, _live.File);
        _io.OrRefuse(_options.Path);
        _live.Durable = _live.End;
    }

    private OpenDirectory<TProbe> Assemble()
    {
        var pool = new SparePool(_wal);
        var log = new OpenedLog
        {
            Identity = _owner, Boot = _state.Boot, HardState = _state.HardState, Base = _state.Base,
            BaseConfiguration = _state.BaseConfiguration, Last = _state.Last, Peers = [.. _state.Peers],
            CutBytes = _recovery?.CutBytes ?? 0, Damage = _recovery?.Damage, Lost = _state.Lost,
        };
        return new OpenDirectory<TProbe>(log, _hold.Lock)
        {
            Writer = new WalWriter<TProbe>(_wal, _owner, _log, _state, _live!, pool),
            Group = _wal.Group, Map = _state.Map,
            NewReader = () => new EntryReader<TProbe>(_state.Map, _owner, _log, _wal.SegmentBytes),
            Spares = new SpareKeeper<TProbe>(_wal, pool, _log, _hold.Listing.NextNumber, _hold.Listing.Spares),
        };
    }
}

using Balsa.Raft.Identity;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.Recovering;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Doctor;

/// <summary>
/// Reads a whole data directory and changes nothing in it. What a start would make of the log is found out by the very
/// code that a start runs.
/// </summary>
public sealed class DirectoryExaminer(string path, bool listsRecords = false, GroupId group = default)
{
    private readonly IoStep _io = new();
    private readonly DirectoryListing _listing = new();
    private readonly StoredFile _lock = new(Path.Combine(path, DirectoryNames.Lock));
    private readonly string _log = Path.Combine(path, DirectoryNames.Log);
    private StorageException? _refusal;
    private byte[] _bytes = [];
    private SegmentExaminer? _examiner;

    public DirectoryReport Report { get; } = new(path);

    /// <summary>With which sizes the log would go on.</summary>
    public WalOptions Wal => _examiner?.LastHead is { } head
        ? new WalOptions { Group = group, SegmentBytes = (int)head.SegmentBytes, BlockBytes = head.BlockBytes }
        : new WalOptions { Group = group };

    public IEnumerable<IoStep> Run()
    {
        foreach (var step in Look()) yield return step;
        if (!_lock.IsOpen) yield break;
        yield return _io.Close(_lock);
        _ = _io.Error;
    }

    private IEnumerable<IoStep> Look()
    {
        foreach (var step in TakeNames()) yield return step;
        if (Report.Unusable is not null) yield break;
        var identity = new IdentityFile<NoStorageProbe>(path, _io);
        foreach (var step in Guard(identity.Read())) yield return step;
        if (_refusal is not null)
        {
            Report.Unusable = new UnusableDirectory(
                $"{path} cannot be examined: nobody can say whose data it is.", _refusal.Message,
                "restore the identity file from a copy, or replace this member");
            yield break;
        }

        Report.Identity = identity.Found;
        foreach (var step in ReadSegments(identity.Found!)) yield return step;
        foreach (var step in Recover(identity.Found!)) yield return step;
        foreach (var step in ReadSnapshots(identity.Found!)) yield return step;
    }

    private IEnumerable<IoStep> TakeNames()
    {
        yield return _io.List(IoSite.ListDirectory, path);
        if (CannotRead(path)) yield break;
        var names = _io.Names.ToArray();
        _listing.TakeTop(names);
        if (!_listing.HasIdentity)
        {
            Report.Unusable = _listing.HasLog
                ? new UnusableDirectory($"{path} has a log and no identity.", "Nobody can say whose log it is.",
                    "restore the identity file from a copy, or replace this member")
                : new UnusableDirectory($"{path} is no data directory.", "It has no file \"identity\" and no folder \"wal\".",
                    "name the directory that `balsa server --data-dir` was given");
            yield break;
        }

        if (names.Contains(DirectoryNames.Lock, StringComparer.Ordinal)) yield return _io.Lock(IoSite.LockDirectory, _lock);
        if (CannotLock()) yield break;
        var identities = names.Where(name => name is DirectoryNames.Identity or DirectoryNames.NewIdentity);
        foreach (var step in Measure(identities, path)) yield return step;
        if (!_listing.HasLog) yield break;
        yield return _io.List(IoSite.ListDirectory, _log);
        if (CannotRead(_log)) yield break;
        names = [.. _io.Names];
        _listing.TakeLog(names);
        Report.LeftoverList.AddRange(_listing.Leftovers);
        Report.SpareList.AddRange(_listing.Spares.Select(SegmentName.OfSpare));
        Report.SetAsideList.AddRange(names.Where(SegmentName.IsDamaged).Order(StringComparer.Ordinal));
        foreach (var step in Measure(names, _log)) yield return step;
    }

    private bool CannotRead(string directory)
    {
        if (!_io.Failed) return false;
        Report.Unusable = _io.Error == DiskError.NotFound
            ? new UnusableDirectory(
                $"{directory} does not exist.", "There is nothing of that name.", "check the path: `ls` the folder above it")
            : new UnusableDirectory(
                $"{directory} cannot be read.", $"{_io} failed with {_io.Error} (error {_io.ErrorNumber}).",
                "run this as the user that runs the node, or correct owner and rights");
        return true;
    }

    private bool CannotLock()
    {
        // Where nobody can write, nobody can be writing.
        if (_io.Error is DiskError.None or DiskError.ReadOnly) return false;
        Report.Unusable = _io.Error == DiskError.InUse
            ? new UnusableDirectory($"{path} is in use.", "A process holds its lock, and what it holds changes while one reads.",
                "stop that node first, or examine a copy")
            : new UnusableDirectory($"{path} cannot be locked.", $"{_io} failed with {_io.Error} (error {_io.ErrorNumber}).",
                "run this as the user that runs the node, or correct owner and rights");
        return true;
    }

    private IEnumerable<IoStep> Measure(IEnumerable<string> names, string directory)
    {
        foreach (var name in names)
        {
            var file = new StoredFile(Path.Combine(directory, name));
            yield return _io.OpenToRead(IoSite.OpenSegment, file);
            if (_io.Failed) continue;
            Report.FootprintBytes += _io.Count;
            yield return _io.Close(file);
            _ = _io.Error;
        }
    }

    private IEnumerable<IoStep> ReadSegments(DirectoryIdentity owner)
    {
        _examiner = new SegmentExaminer(owner, Report, listsRecords);
        foreach (var sequence in _listing.Segments)
        {
            var file = new StoredFile(Path.Combine(_log, SegmentName.OfLive(sequence)));
            yield return _io.OpenToRead(IoSite.OpenSegment, file);
            if (CannotRead(file.Path)) yield break;
            var length = (int)Math.Min(_io.Count, Array.MaxLength);
            if (_bytes.Length < length) _bytes = new byte[length];
            yield return _io.Read(IoSite.ReadSegment, file, 0, _bytes.AsMemory(0, length));
            var read = (int)_io.Count;
            var failed = CannotRead(file.Path);
            yield return _io.Close(file);
            _ = _io.Error;
            if (failed) yield break;
            Report.SegmentList.Add(_examiner.Examine(sequence, _bytes.AsMemory(0, read)));
        }

        _bytes = [];
    }

    private IEnumerable<IoStep> Recover(DirectoryIdentity owner)
    {
        if (Report.Unusable is not null) yield break;
        if (_listing.Segments.Count == 0)
        {
            Report.LogRefusal = $"{path} has an identity but no log in {_log}. What this member promised is lost.";
            yield break;
        }

        if (Report.SegmentList.Find(segment => segment.OtherFormat != 0) is { } other)
        {
            Report.Unusable = new UnusableDirectory(
                $"{Path.Combine(_log, other.Name)} has format {other.OtherFormat}.", $"This build reads up to {SegmentHead.Format}.",
                "use the build that wrote it");
            yield break;
        }

        var state = new LogState();
        var recovery = new LogRecovery<NoStorageProbe>(owner, _log, state, _io);
        foreach (var step in Guard(recovery.Run(_listing.Segments))) yield return step;
        Report.LogRefusal = _refusal?.Message;
        if (_refusal is not null) yield break;
        foreach (var configuration in recovery.Configurations) Report.Note(configuration, owner);
        foreach (var segment in Report.SegmentList) segment.IsVoid = recovery.Void.Contains(segment.Sequence);
        Report.Log = new LogReport
        {
            Boots = state.Boot.Value, HardState = state.HardState, Base = state.Base, Last = state.Last, Configuration = recovery.InForce,
            Peers = [.. state.Peers], TornBytes = recovery.CutBytes, Damage = recovery.Damage, Lost = state.Lost,
        };
    }

    private IEnumerable<IoStep> ReadSnapshots(DirectoryIdentity owner)
    {
        var directory = new SnapshotDirectory(Path.Combine(path, DirectoryNames.Snapshots), group, owner.Cluster);
        yield return _io.List(IoSite.ListSnapshots, directory.Path);
        if (_io.Failed) yield break;
        var names = _io.Names.Order(StringComparer.Ordinal).ToArray();
        foreach (var step in Measure(names, directory.Path)) yield return step;
        foreach (var name in names)
        {
            if (SnapshotDirectory.TryParse(name, SnapshotDirectory.Snapshot, out var id))
            {
                var reader = new SnapshotReader<NoStorageProbe>(directory.PathOf(id), directory.IdentityOf(id));
                foreach (var step in reader.ReadWhole(_io)) yield return step;
                Report.SnapshotList.Add(new SnapshotReport(name, reader.FileBytes, reader.Problem));
            }
            else
            {
                Report.LeftoverList.Add(Path.Combine(DirectoryNames.Snapshots, name));
            }
        }
    }

    /// <summary>A refusal ends the steps and is kept.</summary>
    private IEnumerable<IoStep> Guard(IEnumerable<IoStep> steps)
    {
        _refusal = null;
        using var running = steps.GetEnumerator();
        while (TryMove(running)) yield return running.Current;
    }

    private bool TryMove(IEnumerator<IoStep> steps)
    {
        try
        {
            return steps.MoveNext();
        }
        catch (StorageException refusal)
        {
            _refusal = refusal;
            return false;
        }
    }
}

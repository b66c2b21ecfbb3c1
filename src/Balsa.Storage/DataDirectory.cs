using Balsa.Raft.Log;
using Balsa.Storage.Disks;
using Balsa.Storage.Doctor;
using Balsa.Storage.Lanes;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Reading;

namespace Balsa.Storage;

/// <summary>
/// The directory of one member on the disk of this machine: the planners, each on a thread of its own. Opened by one
/// process at a time.
/// </summary>
public sealed class DataDirectory : ILogLane, IDisposable
{
    private const long ReadBytesMax = 4 << 20;

    private readonly IDisk _disk;
    private readonly OpenDirectory<NoStorageProbe> _opened;
    private readonly List<(IoLane Lane, Action Stop)> _others = [];
    private readonly SmallFile _skips;
    private IoLane? _log;
    private IoLane? _spares;

    private DataDirectory(
        string path, IDisk disk, OpenDirectory<NoStorageProbe> opened, SnapshotOpener<NoStorageProbe> snapshots)
    {
        (Path, _disk, _opened) = (path, disk, opened);
        (SnapshotFolder, Snapshots) = (snapshots.Folder, snapshots.Store);
        _skips = new SmallFile(path, DirectoryNames.Skips, new IoStep());
    }

    public string Path { get; }

    /// <summary>What an operator wishes to be left out of the state, as it was kept; empty when there is nothing.</summary>
    public ReadOnlyMemory<byte> Skips => _skips.Content;

    /// <summary>What was found.</summary>
    public OpenedLog Log => _opened.Log;

    /// <summary>The log and what reads it.</summary>
    public OpenDirectory<NoStorageProbe> Opened => _opened;

    public SnapshotDirectory SnapshotFolder { get; }

    public SnapshotStore<NoStorageProbe> Snapshots { get; }

    /// <summary>There is no room for another segment of the log: entries should be refused until that changes.</summary>
    public bool IsShort => _opened.Writer.IsShort;

    /// <summary>The same, when so many bytes are still to come.</summary>
    public bool IsShortOf(long bytes) => _opened.Writer.IsShortOf(bytes);

    /// <summary>With so many bytes more the log would wait for a segment that may never come.</summary>
    public bool IsUnsureOf(long bytes) => _opened.Writer.IsUnsureOf(bytes);

    /// <summary>How long the disk has been busy with one step of the log, in ticks of 100 ns; 0 when it is not.</summary>
    public long StalledTicks => _log is { InStepSinceTicks: > 0 and var since } ? Math.Max(0, IoLane.NowTicks - since) : 0;

    /// <exception cref="StorageException">The directory cannot be used, why, and what to do.</exception>
    public static DataDirectory Open(OpeningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options with { Path = System.IO.Path.GetFullPath(options.Path) };
        var disk = SystemDisk.Create();
        var opener = new DirectoryOpener<NoStorageProbe>(options);
        try
        {
            StepRunner.Run(opener.Run(), disk);
            var snapshots = new SnapshotOpener<NoStorageProbe>(options.Path, opener.Opened!);
            StepRunner.Run(snapshots.Run(), disk);
            var directory = new DataDirectory(options.Path, disk, opener.Opened!, snapshots);
            StepRunner.Run(directory._skips.Read(), disk);
            return directory;
        }
        catch
        {
            // Whatever it holds is let go of: somebody may try again in this process.
            StepRunner.Run(opener.Abandon(), disk);
            throw;
        }
    }

    /// <summary>Looks at a directory without opening it, and changes nothing in it.</summary>
    /// <param name="listsRecords">Whether every single record is wanted.</param>
    public static DirectoryExaminer Examine(string path, bool listsRecords = false)
    {
        var examiner = new DirectoryExaminer(System.IO.Path.GetFullPath(path), listsRecords);
        StepRunner.Run(examiner.Run(), SystemDisk.Create());
        return examiner;
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="StorageException">It could not be kept.</exception>
    public void KeepSkips(byte[] bytes) => StepRunner.Run(_skips.Write(bytes), _disk);

    /// <summary>A job that has an end, on the thread of the caller.</summary>
    public void Run(IEnumerable<IoStep> job) => StepRunner.Run(job, _disk);

    /// <summary>The entries first..last, checked; they must be in the log.</summary>
    public IEnumerable<LogEntry> Read(LogIndex first, LogIndex last)
    {
        var reader = _opened.NewReader();
        while (first <= last)
        {
            StepRunner.Run(reader.Read(first, last, ReadBytesMax), _disk);
            foreach (var entry in reader.Entries) yield return entry;
            if (reader.Entries.Count == 0) throw new StorageException($"Entry {first} is not in the log of {Path}.");
            first = reader.Entries[^1].Ref.Id.Index.Next;
        }

        StepRunner.Run(reader.Close(), _disk);
    }

    /// <summary>Begins to take what the source has.</summary>
    /// <param name="failed">Called once, by one of the threads, when the disk failed: the node must end.</param>
    public void Start(IWalSource source, Action<Exception> failed)
    {
        var log = new IoLane("wal", _opened.Writer.Run(source), _disk, failed);
        var spares = new IoLane("spares", _opened.Spares.Run(), _disk, failed);
        _opened.Writer.Wake = log.Wake;
        _opened.Spares.Wake = spares.Wake;
        (_log, _spares) = (log, spares);
        log.Start();
        spares.Start();
    }

    /// <summary>A planner on a thread of its own, for as long as the directory is open.</summary>
    /// <param name="stop">Tells the planner to end.</param>
    public IoLane StartLane(string name, IEnumerable<IoStep> planner, Action stop, Action<Exception> failed)
    {
        var lane = new IoLane(name, planner, _disk, failed);
        _others.Add((lane, stop));
        return lane;
    }

    /// <summary>The source has something.</summary>
    public void Wake() => _log?.Wake();

    /// <summary>Writes what the source still has and closes the log, so that the next start knows that nothing is missing.</summary>
    public void Close()
    {
        foreach (var (lane, stop) in _others)
        {
            stop();
            lane.Wake();
        }

        foreach (var (lane, _) in _others) lane.Join();
        _others.Clear();
        _opened.Writer.Stop();
        _opened.Spares.Stop();
        _log?.Wake();
        _spares?.Wake();
        _log?.Join();
        _spares?.Join();
    }

    /// <summary>Lets go of the directory.</summary>
    public void Dispose()
    {
        Close();
        StepRunner.Run(_opened.Release(), _disk);
    }
}

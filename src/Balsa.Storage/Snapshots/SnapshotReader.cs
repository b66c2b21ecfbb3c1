using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Snapshots;

/// <summary>Reads a snapshot from its head to its end and checks every byte of it. One use each.</summary>
public sealed class SnapshotReader<TProbe>
    where TProbe : struct, IStorageProbe
{
    private readonly StoredFile _file;
    private readonly SnapshotScan<TProbe> _scan;
    private readonly FileScan<TProbe> _pieces;
    private SnapshotProblem? _failure;

    public SnapshotReader(string path, SnapshotIdentity expected)
    {
        _file = new StoredFile(path);
        _scan = new SnapshotScan<TProbe>(path, expected);
        _pieces = new FileScan<TProbe>(_file, IoSite.ReadSnapshot, _scan);
    }

    /// <summary>Set when it was read and is right.</summary>
    public SnapshotHead? Head => _scan.Head;

    /// <summary>Everything was read, and nothing is missing or wrong.</summary>
    public bool IsWhole => _scan.IsWhole && Problem is null;

    public SnapshotProblem? Problem => _failure ?? _pieces.Problem;

    /// <summary>How large the file is.</summary>
    public long FileBytes { get; private set; }

    public IEnumerable<IoStep> ReadHead(IoStep step) => Read(step, null, headOnly: true);

    public IEnumerable<IoStep> ReadWhole(IoStep step, ISnapshotSink? sink = null) => Read(step, sink, headOnly: false);

    private IEnumerable<IoStep> Read(IoStep step, ISnapshotSink? sink, bool headOnly)
    {
        yield return step.OpenToRead(IoSite.OpenSnapshot, _file);
        if (step.Failed)
        {
            _failure = SnapshotProblem.OfStep(step);
            yield break;
        }
        FileBytes = step.Count;
        foreach (var next in headOnly ? _pieces.Head(step) : _pieces.Whole(step, FileBytes, sink)) yield return next;
        yield return step.Close(_file);
        // Nothing was written, so nothing depends on how closing went.
        _ = step.Failed;
    }
}

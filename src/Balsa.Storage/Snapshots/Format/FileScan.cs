using Balsa.Storage.Probes;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Snapshots.Format;

/// <summary>Takes an open file from the disk through a scan, one piece at a time.</summary>
internal sealed class FileScan<TProbe>(StoredFile file, IoSite site, SnapshotScan<TProbe> scan)
    where TProbe : struct, IStorageProbe
{
    private byte[] _piece = [];

    /// <summary>The disk did not give what was asked for.</summary>
    internal SnapshotProblem? Failure { get; private set; }

    /// <summary>What is wrong, with the disk or with what it holds.</summary>
    internal SnapshotProblem? Problem => Failure ?? scan.Problem;

    internal IEnumerable<IoStep> Head(IoStep step) => Pieces(step, null, headOnly: true, trustsData: false);

    /// <summary>Reads until the end or the first problem. A sink gets each piece of content when it has been checked.</summary>
    internal IEnumerable<IoStep> Whole(IoStep step, long fileBytes, ISnapshotSink? sink = null, bool trustsData = false)
    {
        foreach (var next in Pieces(step, sink, headOnly: false, trustsData)) yield return next;
        if (Problem is null && fileBytes > scan.Offset) scan.OnTrailing(fileBytes - scan.Offset);
    }

    private IEnumerable<IoStep> Pieces(IoStep step, ISnapshotSink? sink, bool headOnly, bool trustsData)
    {
        while (scan.Needs is var needs and > 0 && !(headOnly && scan.Head is not null))
        {
            // The length comes from a header whose checksum was right, so nobody can ask for gigabytes here.
            if (_piece.Length < needs) _piece = new byte[needs];
            yield return step.Read(site, file, scan.Offset, _piece.AsMemory(0, needs));
            if (step.Failed)
            {
                Failure = SnapshotProblem.OfStep(step);
                yield break;
            }
            if (step.Count < needs) scan.OnFileEnd(step.Count);
            else scan.Take(_piece.AsSpan(0, needs), trustsData);
            if (scan.Problem is not null) yield break;
            while (scan.ContentBytes > 0 && sink?.TryTake(_piece.AsSpan(0, scan.ContentBytes)) == false) yield return step.Wait();
        }
    }
}

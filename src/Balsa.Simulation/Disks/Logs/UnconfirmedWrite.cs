using Balsa.Simulation.Disks.Damages;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Logs;

/// <summary>
/// Where the last batch lies that was synced and of which nothing written later says so: no batch, no close, no next
/// segment. Damage there cannot be told from a torn end.
/// </summary>
internal sealed class UnconfirmedWrite
{
    private int _file, _live, _pendingFile;
    private long _from, _to, _pendingFrom, _pendingTo;
    private int _batches;

    /// <summary>It holds the number of the start, and nothing of what came after.</summary>
    internal bool IsOfOpening => _batches == 1;

    internal void Clear() => (_file, _live, _pendingFile, _batches) = (-1, -1, -1, 0);

    internal void CopyFrom(UnconfirmedWrite other) =>
        (_file, _live, _from, _to, _batches) = (other._file, other._live, other._from, other._to, other._batches);

    internal void Watch(IoStep step)
    {
        if (step.Site == IoSite.LockDirectory) _batches = 0;
        if (step.ErrorNumber != 0 || step.File?.Handle is not OpenFile { File: var file })
        {
            if (step is { Site: IoSite.SyncSegmentName, ErrorNumber: 0 }) _file = -1;
            return;
        }
        switch (step.Site)
        {
            case IoSite.WriteBatch:
                (_pendingFile, _pendingFrom, _pendingTo) = (file.Number, step.Offset, step.Offset + step.Bytes.Length);
                break;
            case IoSite.SyncBatch when _pendingFile == file.Number:
                (_file, _from, _to, _live) = (_pendingFile, _pendingFrom, _pendingTo, file.Number);
                _batches++;
                break;
            case IoSite.SyncClose when _file == file.Number: _file = -1; break;
        }
    }

    internal bool IsLive(int file) => file == _live;

    internal bool IsHitBy(in Damage damage) =>
        Overlaps(damage.File, damage.Offset, damage.Length) || Overlaps(damage.LandedFile, damage.LandedAt, damage.LandedLength);

    private bool Overlaps(int file, long offset, long length) =>
        file == _file && file >= 0 && offset < _to && offset + length > _from;
}

using Balsa.Storage.Steps;

namespace Balsa.Storage.Wal.Writing;

/// <summary>A segment that waits to be used: written once, so that its room is certain.</summary>
internal sealed record SpareSegment(StoredFile File, string Path, int Bytes);

/// <summary>
/// Between the log, which takes spare segments and gives back old ones, and the keeper, which makes and removes them in
/// the background. The one place in storage that two threads touch, apart from the map.
/// </summary>
internal sealed class SparePool(WalOptions options)
{
    private readonly Lock _gate = new();
    private readonly Queue<SpareSegment> _ready = new();
    private readonly Queue<ulong> _freed = new();
    private bool _short;
    private bool _awaited;

    /// <summary>A spare is ready; tells the log.</summary>
    internal Action Supplied { get; set; } = () => { };

    /// <summary>Something is to be done; tells the keeper.</summary>
    internal Action Wanted { get; set; } = () => { };

    /// <summary>The last attempt to make a spare found no room.</summary>
    internal bool IsShort
    {
        get { lock (_gate) return _short; }
    }

    /// <summary>The log cannot go on without a spare.</summary>
    internal bool IsAwaited
    {
        get { lock (_gate) return _awaited; }
    }

    internal int Ready
    {
        get { lock (_gate) return _ready.Count; }
    }

    internal bool NeedsSpare
    {
        get { lock (_gate) return _ready.Count < options.SpareSegments; }
    }

    internal bool TryTake(out SpareSegment spare)
    {
        bool taken, isNews;
        lock (_gate)
        {
            taken = _ready.TryDequeue(out spare!);
            isNews = taken || !_awaited;
            _awaited = !taken;
        }

        // Also when there is none, for a keeper that pauses should hurry; but once, or the two would wake each other for ever.
        if (isNews) Wanted();
        return taken;
    }

    internal void Add(SpareSegment spare)
    {
        lock (_gate)
        {
            _ready.Enqueue(spare);
            _short = false;
        }

        Supplied();
    }

    internal void ReportShortage()
    {
        lock (_gate) _short = true;
    }

    /// <summary>Nothing in the segment is needed any more, and that is on stable media.</summary>
    internal void Free(ulong sequence)
    {
        lock (_gate) _freed.Enqueue(sequence);
        Wanted();
    }

    internal bool TryTakeFreed(out ulong sequence)
    {
        lock (_gate) return _freed.TryDequeue(out sequence);
    }
}

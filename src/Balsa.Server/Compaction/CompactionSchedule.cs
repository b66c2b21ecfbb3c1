namespace Balsa.Server.Compaction;

/// <summary>
/// Decides when and to which revision, as etcd does: by time it goes to the revision of one period ago, first after a period and
/// then every period or every hour, whichever is shorter; by revisions it looks every five minutes. Every member follows the
/// revisions, so that a new leader knows those of before.
/// </summary>
internal sealed class CompactionSchedule
{
    private const int LooksInAnInterval = 10;
    private readonly AutoCompaction _options;
    private readonly Queue<long> _seen = new();
    private readonly TimeSpan _interval;
    private readonly int _seenMax;
    private TimeSpan _wait, _lastAt;
    private long _last;

    /// <param name="now">On a clock that never goes back.</param>
    internal CompactionSchedule(AutoCompaction options, TimeSpan now, long revision)
    {
        (_options, _lastAt, _wait) = (options, now, options.Period);
        _interval = options.Period < TimeSpan.FromHours(1) ? options.Period : TimeSpan.FromHours(1);
        Every = options.Mode == CompactionMode.Revision ? TimeSpan.FromMinutes(5) : _interval / LooksInAnInterval;
        if (Every < TimeSpan.FromMilliseconds(1)) Every = TimeSpan.FromMilliseconds(1);
        _seenMax = options.Mode == CompactionMode.Periodic ? (int)Math.Min(options.Period / Every, 1e6) + 1 : 0;
        _seen.Enqueue(revision);
    }

    /// <summary>How long it is between two looks.</summary>
    internal TimeSpan Every { get; }

    /// <summary>The revision to compact to now; 0 when there is nothing to do. Asked once each <see cref="Every"/>.</summary>
    /// <param name="leads">Only the leader compacts; the others look on.</param>
    internal long Look(TimeSpan now, long revision, bool leads)
    {
        if (_options.Mode == CompactionMode.Revision)
        {
            var target = revision - _options.Revisions;
            return leads && target > 0 && target != _last ? target : 0;
        }

        var oldest = _seen.Peek();
        _seen.Enqueue(revision);
        if (_seen.Count > _seenMax) _seen.Dequeue();
        if (!leads || now - _lastAt < _wait || oldest == _last) return 0;
        _wait = _interval;
        return oldest;
    }

    /// <summary>It is compacted to that revision, by this or by somebody else. Without this it is tried again at the next look.</summary>
    internal void OnDone(TimeSpan now, long revision) => (_last, _lastAt) = (revision, now);
}

namespace Balsa.Raft.Log;

/// <summary>
/// The cluster's own time. It stands still without a leader and reads no wall clock: a leader starts from the log time it
/// had applied when its reign began and adds the monotonic time of its reign. Sessions expire by it.
/// </summary>
public sealed class LogClock
{
    private long _base;
    private long _since;

    public void BeginReign(long lastApplied, long now) => (_base, _since) = (lastApplied, now);

    /// <summary>The stamp for an entry proposed now. Appliers take the larger of this and what they have.</summary>
    public long Stamp(long now) => _base + Math.Max(0, now - _since);
}

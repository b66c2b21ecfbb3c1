namespace Balsa.Bench.Watches;

/// <summary>What one measurement of watches found.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Events">Delivered: one for each watcher that got it.</param>
/// <param name="EventsPerSecond">Of processor time of the hub's thread, the client's look at each event included.</param>
/// <param name="RevisionsPerSecond">The same time by what was written, or read again for those who catch up.</param>
/// <param name="BytesPerWatcher">Of memory, all tables and its key included.</param>
/// <param name="AllocatedPerEvent">Bytes allocated while events were delivered.</param>
/// <param name="Lost">Events that did not come; like the next two it must be 0.</param>
public sealed record WatchBenchResult(
    string Name, int Watchers, long Revisions, long Events, double Seconds, double EventsPerSecond, double RevisionsPerSecond,
    double BytesPerWatcher, double AllocatedPerEvent, long Lost, long Doubled, long OutOfOrder)
{
    public bool IsFaultless => Lost == 0 && Doubled == 0 && OutOfOrder == 0;
}

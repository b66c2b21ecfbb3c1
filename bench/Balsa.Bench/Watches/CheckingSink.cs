using Balsa.KeyValue.Watches;

namespace Balsa.Bench.Watches;

/// <summary>A client that looks at every event and counts what is wrong: each watcher sees one event a revision, in order.</summary>
internal sealed class CheckingSink(int watchers) : IWatchSink
{
    private readonly long[] _last = new long[watchers];

    public long Events { get; private set; }

    public long Bytes { get; private set; }

    public long Doubled { get; private set; }

    public long OutOfOrder { get; private set; }

    public bool TryTake(in WatchBatch batch)
    {
        if (batch.Created || batch.Canceled) return true;
        ref var last = ref _last[batch.WatchId];
        foreach (var one in batch.Events)
        {
            var revision = one.Kv.Modified;
            if (revision == last) Doubled++;
            else if (revision < last) OutOfOrder++;
            last = revision;
            Bytes += one.Kv.Key.Length + one.Kv.Value.Length;
            Events++;
        }

        return true;
    }
}

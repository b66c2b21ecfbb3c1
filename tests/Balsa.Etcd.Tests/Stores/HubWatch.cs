using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches;
using WatchEvent = Balsa.Etcd.Tests.Steps.WatchEvent;
using Record = Balsa.KeyValue.Store.Record;
using StoredKey = Balsa.KeyValue.Answers.KeyValue;

namespace Balsa.Etcd.Tests.Stores;

/// <summary>The client of one watch of our hub: it keeps everything that it is told.</summary>
/// <param name="compacted">The compacted revision when the watch began.</param>
internal sealed class HubWatch(long compacted) : IWatchSink
{
    private readonly List<WatchEvent> _events = [];
    private string? _canceled;

    /// <summary>Whether its creation was answered, and before anything else.</summary>
    public bool IsCreated { get; private set; }

    /// <summary>Why the hub ended it, or null.</summary>
    public string? Canceled => _canceled;

    public static WatchRequest Request(WatchStep watch) => new()
    {
        Key = watch.Key, End = watch.End, Start = watch.Start,
        Options = (watch.ReturnPrevious ? WatchOptions.Previous : WatchOptions.None)
            | (watch.NoPut ? WatchOptions.NoPut : WatchOptions.None) | (watch.NoDelete ? WatchOptions.NoDelete : WatchOptions.None),
    };

    public bool TryTake(in WatchBatch batch)
    {
        Assert.True(batch.Created != IsCreated, "a watch is created once, and before anything else is told");
        IsCreated = true;
        foreach (var change in batch.Events)
        {
            var before = change.HasPrevious ? Copy(change.Previous) : null;
            _events.Add(new WatchEvent(change.Kv.IsDelete, Copy(change.Kv), before));
        }

        if (batch.Canceled) _canceled = batch.CompactRevision > 0 ? Outcome.CompactedAt(batch.CompactRevision) : batch.CancelReason ?? "";
        return true;
    }

    /// <summary>What came up to this revision.</summary>
    public Outcome Told(long lastRevision) => new()
    {
        Events = [.. _events.Where(change => change.Now.Modified <= lastRevision && !MayBeGone(change))], Canceled = _canceled,
    };

    /// <summary>
    /// Of the compacted revision only what the keys are then must be told. What else happened there, a store may still know: etcd
    /// until it has freed it, which it had here, and our hub.
    /// </summary>
    private bool MayBeGone(WatchEvent change) => change.Now.Modified == compacted
        && (change.IsDelete || _events.Exists(other => other.IsDelete && other.Now.Modified == compacted
            && other.Now.Key.AsSpan().SequenceEqual(change.Now.Key)));

    private static StoredKey Copy(in Record record) => new(
        record.Key.ToArray(), record.Value.ToArray(), record.Created, record.Modified, record.Version, record.Lease);
}

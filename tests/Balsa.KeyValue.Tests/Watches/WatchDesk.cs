using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches;

/// <summary>A hub over a history in a list, with one stream.</summary>
internal sealed class WatchDesk
{
    public WatchDesk(WatchHubOptions? options = null)
    {
        Hub = new WatchHub<NoStoreProbe>(Log.Publish(Balsa.KeyValue.Store.ReaderFloor.None), options ?? new WatchHubOptions());
        Stream = Hub.Open(Sink);
    }

    public TestLog Log { get; } = new();

    public WatchHub<NoStoreProbe> Hub { get; }

    public RecordingSink Sink { get; } = new();

    public WatchStream Stream { get; }

    public long Watch(string key, string end = "", long start = 0, long id = 0, WatchOptions options = WatchOptions.None) =>
        Hub.Create(Stream, new WatchRequest
        {
            Key = WatchText.Bytes(key), End = WatchText.Bytes(end), Start = start, WatchId = id, Options = options,
        });

    public long Write(params string[] changes)
    {
        var revision = Log.Write(changes);
        Hub.Advance(Log.Publish(Hub.Floor));
        return revision;
    }

    public void Compact(long revision)
    {
        Log.Compact(revision);
        Hub.Advance(Log.Publish(Hub.Floor));
    }

    /// <summary>Works to the end and tells what came.</summary>
    public string[] Settle()
    {
        for (var calls = 0; Hub.Work(3); calls++) Assert.True(calls < 1_000_000, "the hub never comes to rest");

        return Sink.Take();
    }

    public string[] Resume(int room = int.MaxValue)
    {
        Sink.Room = room;
        Hub.Resume(Stream);
        return Settle();
    }
}

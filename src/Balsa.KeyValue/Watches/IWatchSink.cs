namespace Balsa.KeyValue.Watches;

/// <summary>Where the answers and events of one stream go.</summary>
public interface IWatchSink
{
    /// <summary>
    /// Takes the batch, which is valid during the call only, or refuses all of it for want of room; then nothing more is
    /// offered until the hub's Resume is called for the stream. A batch that is <see cref="WatchBatch.Continued"/> must be
    /// taken: half of a revision is of no use to the client. Must not call the hub.
    /// </summary>
    bool TryTake(in WatchBatch batch);
}

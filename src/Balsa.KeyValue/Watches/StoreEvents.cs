using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Watches;

/// <summary>
/// A view of the store as watches read it. Live watchers get also those events before the compacted revision to which they have
/// not come yet: the hub's floor keeps them, though the view shows them to nobody else.
/// </summary>
internal sealed class StoreEvents(StoreView view) : IEventSource
{
    public long Epoch => view.Epoch;

    public long Revision => view.Revision;

    public long Compacted => view.Compacted;

    public long EventsEnd => view.EventsEnd;

    public long SeekEvent(long revision) => view.SeekEvent(revision);

    public Record Event(long sequence) => view.Read(view.Events.At(sequence));

    public long EventRevision(long sequence) => view.EventRevision(sequence);

    public Record Read(ulong reference) => view.Read(reference);

    public Record Newest(ReadOnlySpan<byte> key) => view.Newest(key);

    public bool TryPrevious(scoped in Record record, out Record previous) => view.TryPrevious(record, out previous);
}

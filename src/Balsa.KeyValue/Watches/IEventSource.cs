using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Watches;

/// <summary>
/// What watches need of a published view. Events are numbered without gaps, one a change of one key, in order of revision and
/// then operation; a number means the same event in every later view.
/// </summary>
internal interface IEventSource
{
    long Epoch { get; }

    long Revision { get; }

    /// <summary>What happened before this revision may be gone.</summary>
    long Compacted { get; }

    /// <summary>One past the newest event.</summary>
    long EventsEnd { get; }

    /// <summary>The first kept event at or after the revision; <see cref="EventsEnd"/> when there is none.</summary>
    long SeekEvent(long revision);

    /// <summary>Kept are all events from <see cref="Compacted"/> on, and those after the revision of the hub's floor.</summary>
    Record Event(long sequence);

    long EventRevision(long sequence);

    /// <summary>What a version newer than <see cref="Compacted"/> names as the one before it can be read, a delete too.</summary>
    Record Read(ulong reference);

    /// <summary>The newest version of the key in this view, a delete included; reference 0 when there is none.</summary>
    Record Newest(ReadOnlySpan<byte> key);

    /// <summary>The live version just before; false when there was none or it may be gone.</summary>
    bool TryPrevious(scoped in Record record, out Record previous);
}

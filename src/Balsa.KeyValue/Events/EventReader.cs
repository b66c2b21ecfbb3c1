using Balsa.KeyValue.Memory;
using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Events;

/// <summary>
/// What is left of an event when everything before a revision was compacted. At that revision itself only what the keys are
/// then is left: no delete, and nothing that the same command changed once more. So it does not matter how much was freed.
/// </summary>
internal static class EventReader
{
    internal static Record Read(EventRows rows, RecordReader records, long sequence, long compacted)
    {
        var revision = rows.RevisionAt(sequence);
        if (revision < compacted || (revision == compacted && rows.IsReplaced(sequence))) return default;
        var record = records.Read(rows.At(sequence));
        return record.IsDelete && revision == compacted ? default : record;
    }
}

using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Answers;

/// <summary>The parts of answers that several commands have.</summary>
internal static class AnswerWriter
{
    /// <summary>
    /// No buffer gets longer by more than one key and value: what would be is not written, and the caller is told so. What
    /// stands before an answer in the same buffer counts.
    /// </summary>
    internal const int BytesMax = 256 << 20;

    internal static bool IsTooLong(ByteWriter answer) => answer.Length > BytesMax;

    internal static void Head(ByteWriter into, StoreError error, long revision)
    {
        into.Byte((byte)error);
        into.Varint(revision);
    }

    internal static void KeyValue(ByteWriter into, in Record record, bool withoutValue = false)
    {
        if (into.Length > BytesMax) return;
        into.Bytes(record.Key);
        into.Varint(record.Created);
        into.Varint(record.Modified);
        into.Varint(record.Version);
        into.Bytes(withoutValue ? default : record.Value);
        into.Varint(record.Lease);
    }
}

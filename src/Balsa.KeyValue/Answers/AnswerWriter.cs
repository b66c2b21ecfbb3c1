using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Answers;

/// <summary>The parts of answers that several commands have.</summary>
internal static class AnswerWriter
{
    internal static void Head(ByteWriter into, StoreError error, long revision)
    {
        into.Byte((byte)error);
        into.Varint(revision);
    }

    internal static int HeadBytes(long revision) => 1 + Varints.Length((ulong)revision);

    internal static void KeyValue(ByteWriter into, in Record record, bool withoutValue = false)
    {
        into.Bytes(record.Key);
        into.Varint(record.Created);
        into.Varint(record.Modified);
        into.Varint(record.Version);
        into.Bytes(withoutValue ? default : record.Value);
        into.Varint(record.Lease);
    }
}

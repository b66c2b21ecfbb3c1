using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Memory;

/// <summary>Reads records by reference. Any thread.</summary>
internal readonly struct RecordReader(ulong[]?[]?[] slabs)
{
    internal ReadOnlySpan<ulong> Words(ulong reference) => RecordHeap.Slot(slabs, reference);

    internal Record Read(ulong reference) => reference == 0 ? default : RecordCodec.Read(Words(reference), reference);

    internal ReadOnlySpan<byte> Key(ulong reference) => RecordCodec.Key(Words(reference));

    internal long Modified(ulong reference) => (long)Words(reference)[RecordCodec.ModifiedWord];

    internal ulong Previous(ulong reference) => Words(reference)[RecordCodec.PreviousWord];

    internal bool IsDelete(ulong reference) => RecordCodec.IsDelete(Words(reference));

    /// <summary>The newest version not after the revision, beginning from a newer one; 0 when there was none.</summary>
    internal ulong At(ulong newest, long revision)
    {
        while (newest != 0 && Modified(newest) > revision) newest = Previous(newest);
        return newest;
    }
}

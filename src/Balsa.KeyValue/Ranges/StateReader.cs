using Balsa.KeyValue.Memory;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Trees;

namespace Balsa.KeyValue.Ranges;

/// <summary>The state to answer from: a published one, or the one that is being changed.</summary>
internal readonly struct StateReader(TreeReader tree, RecordReader records, long newest, long current, long compacted)
{
    internal TreeReader Tree => tree;

    internal RecordReader Records => records;

    /// <summary>Records up to this revision are seen when none is asked for.</summary>
    internal long Newest => newest;

    /// <summary>The newest revision that may be asked for.</summary>
    internal long Current => current;

    internal long Compacted => compacted;

    /// <summary>The key as of the newest revision; Reference 0 when it is not there.</summary>
    internal Record Find(ReadOnlySpan<byte> key) => Live(tree.Find(key), newest);

    /// <summary>What a reader at the revision sees of a key whose newest record this is.</summary>
    internal Record Live(ulong reference, long revision)
    {
        reference = records.At(reference, revision);
        if (reference == 0) return default;
        var record = records.Read(reference);
        return record.IsDelete ? default : record;
    }

    internal bool IsLive(ulong reference, long revision)
    {
        reference = records.At(reference, revision);
        return reference != 0 && !records.IsDelete(reference);
    }
}

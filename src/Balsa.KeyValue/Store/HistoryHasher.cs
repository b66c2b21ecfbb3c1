using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Hashing;

namespace Balsa.KeyValue.Store;

/// <summary>Hashes every version that can be seen at some revision from the compacted one up to the one asked for.</summary>
internal static class HistoryHasher
{
    internal static StoreError Hash(StoreView view, long revision, out uint hash)
    {
        hash = 0;
        var upTo = revision > 0 ? revision : view.Revision;
        if (upTo > view.Revision) return StoreError.FutureRevision;
        if (upTo < view.Compacted) return StoreError.Compacted;
        var sum = 0UL;
        var reader = view.State.Tree;
        reader.Descend([], out var path);
        for (; reader.Settle(ref path); path.MoveOn())
            sum += OfKey(view, view.State.Records.At(reader.ReferenceAt(path), upTo));
        sum = Hash64.Join(sum, (ulong)view.Compacted);
        hash = (uint)(sum ^ (sum >> 32));
        return StoreError.None;
    }

    /// <summary>From the newest version down to the one that is seen at the compacted revision.</summary>
    private static ulong OfKey(StoreView view, ulong reference)
    {
        var sum = 0UL;
        while (reference != 0)
        {
            var record = view.State.Records.Read(reference);
            var isLast = record.Modified <= view.Compacted;
            if (isLast && record.IsDelete) break;
            sum += record.IsDelete ? Hash64.Of(record.Key, (ulong)record.Modified) : Hash64.OfRecord(record);
            if (isLast) break;
            reference = record.Previous;
        }

        return sum;
    }
}

using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Memory;
using Balsa.KeyValue.Probes;

namespace Balsa.KeyValue.Ranges;

/// <summary>By the target, and where that is equal by key, so that the same state gives the same answer everywhere.</summary>
internal sealed class RecordOrder<TProbe>(RecordReader records, SortTarget target, bool descending, TProbe probe) : IComparer<ulong>
    where TProbe : struct, IStoreProbe
{
    public int Compare(ulong x, ulong y)
    {
        if (x == y) return 0;
        var one = records.Read(x);
        var two = records.Read(y);
        var order = target switch
        {
            SortTarget.Version => one.Version.CompareTo(two.Version),
            SortTarget.Created => one.Created.CompareTo(two.Created),
            SortTarget.Modified => one.Modified.CompareTo(two.Modified),
            SortTarget.Value when probe.Plants(StoreMutant.ByLengthOrder) => one.Value.Length.CompareTo(two.Value.Length),
            SortTarget.Value => one.Value.SequenceCompareTo(two.Value),
            _ => one.Key.SequenceCompareTo(two.Key),
        };
        if (order != 0) return descending ? -order : order;
        return one.Key.SequenceCompareTo(two.Key);
    }
}

using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Trees;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Ranges;

/// <summary>Answers a range from a state.</summary>
internal readonly ref struct RangeRunner<TProbe>(StateReader state, TProbe probe) where TProbe : struct, IStoreProbe
{
    /// <summary>
    /// Why the query cannot be answered, as far as the state decides. A negative revision means the newest, but inside a
    /// transaction etcd takes it for one that was compacted, and so do we.
    /// </summary>
    internal StoreError Check(in RangeQuery query, bool isInTxn)
    {
        if (query.Revision > state.Current && !probe.Plants(StoreMutant.FutureRevisionRead)) return StoreError.FutureRevision;
        if (query.Revision == 0 || (query.Revision < 0 && !isInTxn) || query.Revision >= state.Compacted) return StoreError.None;
        return probe.Plants(StoreMutant.CompactedRevisionRead) ? StoreError.None : StoreError.Compacted;
    }

    /// <summary>What is wrong with the query whatever the state. A number that names no order sorts nothing, whatever the target.</summary>
    internal static StoreError CheckShape(in RangeQuery query)
    {
        if (query.Key.IsEmpty) return StoreError.KeyNotProvided;
        return query.Target > SortTarget.Value && query.Order <= SortOrder.Descending ? StoreError.InvalidSort : StoreError.None;
    }

    /// <summary>The body of the answer to a query that was checked. The list is only room to work in.</summary>
    internal void Answer(in RangeQuery query, List<ulong> found, ByteWriter into)
    {
        found.Clear();
        var revision = query.Revision > 0 ? query.Revision : state.Newest;
        var fetch = FetchLimit(query);
        var count = Gather(query, revision, fetch, found);
        var fetched = found.Count;
        if (query.Has(RangeOptions.CountOnly))
        {
            (fetched, found) = (0, []);
        }
        else
        {
            if (query.HasFilters) Filter(query, found);
            if (IsSorted(query)) Sort(query, found);
            fetched = found.Count;
            if (query.Limit > 0 && fetched > query.Limit) found.RemoveRange((int)query.Limit, fetched - (int)query.Limit);
        }

        into.Varint(probe.Plants(StoreMutant.CountIsOfPage) ? found.Count : count);
        into.Byte(fetched > found.Count ? (byte)1 : (byte)0);
        into.Varint((ulong)found.Count);
        foreach (var reference in found) AnswerWriter.KeyValue(into, state.Records.Read(reference), query.Has(RangeOptions.KeysOnly));
    }

    /// <summary>
    /// How many keys to take in key order; more than that are only counted. A sort or filter wants all of them, and another
    /// sort target without an order wants the first in key order: so etcd does it.
    /// </summary>
    private long FetchLimit(in RangeQuery query)
    {
        if (query.Has(RangeOptions.CountOnly)) return 0;
        var needsAll = query.Order != SortOrder.None || query.HasFilters;
        if (probe.Plants(StoreMutant.LimitBeforeSort)) needsAll = query.HasFilters;
        if (probe.Plants(StoreMutant.FilterAfterLimit)) needsAll = query.Order != SortOrder.None;
        return query.Limit <= 0 || needsAll ? long.MaxValue : query.Limit + (query.Limit == long.MaxValue ? 0 : 1);
    }

    /// <summary>The live records of the range, at most so many, and how many there are in all.</summary>
    private long Gather(in RangeQuery query, long revision, long fetch, List<ulong> found)
    {
        var bounds = new KeyBounds(query.Key, query.End);
        if (bounds.IsSingle)
        {
            var reference = state.Records.At(state.Tree.Find(query.Key), revision);
            if (reference == 0 || (state.Records.IsDelete(reference) && !probe.Plants(StoreMutant.TombstoneVisible))) return 0;
            if (probe.Plants(StoreMutant.EmptyValueIsMissing) && state.Records.Read(reference).Value.IsEmpty) return 0;
            if (fetch > 0) found.Add(reference);
            return 1;
        }

        if (!bounds.IsOpen && query.Key.SequenceCompareTo(query.End) >= 0) return 0;
        state.Tree.Descend(query.Key, out var path);
        var start = path;
        while (found.Count < fetch && state.Tree.Settle(ref path))
        {
            var newest = state.Tree.ReferenceAt(path);
            if (!bounds.Reaches(state.Records.Key(newest))) return found.Count;
            path.MoveOn();
            var reference = state.Records.At(newest, revision);
            if (reference != 0 && !state.Records.IsDelete(reference)) found.Add(reference);
        }

        if (found.Count < fetch) return found.Count;
        return revision == state.Newest ? CountByPages(bounds, start, revision) : CountByKeys(bounds, path, revision, found.Count);
    }

    /// <summary>From the counts that the pages hold of the newest state; only the two leaves at the ends are looked through.</summary>
    private long CountByPages(in KeyBounds bounds, in TreePath start, long revision)
    {
        if (start.Length == 0) return 0;
        TreePath end;
        if (bounds.IsOpen) state.Tree.DescendToEnd(out end);
        else state.Tree.Descend(bounds.End, out end);
        return LiveBefore(end, revision) - LiveBefore(start, revision);
    }

    private long LiveBefore(in TreePath path, long revision)
    {
        var live = state.Tree.CountBefore(path);
        var leaf = state.Tree.LeafOf(path);
        for (var entry = 0; entry < path.LeafEntry; entry++)
            if (state.IsLive(leaf[Page.References + entry], revision)) live++;
        return live;
    }

    private long CountByKeys(in KeyBounds bounds, TreePath path, long revision, long count)
    {
        while (state.Tree.Settle(ref path))
        {
            var newest = state.Tree.ReferenceAt(path);
            if (!bounds.Reaches(state.Records.Key(newest))) break;
            if (state.IsLive(newest, revision)) count++;
            path.MoveOn();
        }

        return count;
    }

    private void Filter(in RangeQuery query, List<ulong> found)
    {
        var kept = 0;
        for (var i = 0; i < found.Count; i++)
        {
            var record = state.Records.Read(found[i]);
            if (Passes(query.ModifiedMin, query.ModifiedMax, record.Modified) && Passes(query.CreatedMin, query.CreatedMax, record.Created))
                found[kept++] = found[i];
        }

        found.RemoveRange(kept, found.Count - kept);
    }

    private static bool Passes(long min, long max, long revision) => (min == 0 || revision >= min) && (max == 0 || revision <= max);

    /// <summary>Keys come in their order anyway.</summary>
    private static bool IsSorted(in RangeQuery query) =>
        query.Order <= SortOrder.Descending && (query.Target != SortTarget.Key || query.Order == SortOrder.Descending);

    private void Sort(in RangeQuery query, List<ulong> found)
    {
        var order = new RecordOrder<TProbe>(state.Records, query.Target, query.Order == SortOrder.Descending, probe);
        found.Sort(order);
    }
}

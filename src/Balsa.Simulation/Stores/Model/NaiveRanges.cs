using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Model;

/// <summary>Answers queries by taking all keys of the range and throwing away what was not asked for.</summary>
internal static class NaiveRanges
{
    /// <summary>Why the state cannot answer. Inside a transaction a negative revision is an old one, not the newest.</summary>
    internal static StoreError Check(PlainRange query, long current, long compacted, bool isInTxn)
    {
        if (query.Revision > current) return StoreError.FutureRevision;
        var asksForNewest = isInTxn ? query.Revision == 0 : query.Revision <= 0;
        return !asksForNewest && query.Revision < compacted ? StoreError.Compacted : StoreError.None;
    }

    /// <param name="newest">The revision to look at when none is asked for.</param>
    /// <param name="shown">The revision that the answer carries.</param>
    internal static Answer Run(NaiveHistory history, PlainRange query, long newest, long shown)
    {
        var all = history.Range(query.Key, query.End, query.Revision > 0 ? query.Revision : newest);
        var answer = new Answer { Kind = OperationKind.Range, Revision = shown, Count = all.Count };
        if (query.Has(RangeOptions.CountOnly)) return answer;

        // Without order and filters only so many are fetched, in the order of keys, and sorted afterwards.
        var isCutFirst = query is { Limit: > 0, Order: SortOrder.None, HasFilters: false };
        var fetched = isCutFirst ? all.Take((int)Math.Min(int.MaxValue, query.Limit)).ToList() : all;
        var hasMoreToFetch = isCutFirst && all.Count > query.Limit;
        if (hasMoreToFetch) fetched.Add(all[(int)query.Limit]);
        var sorted = Sort(fetched.FindAll(version => Passes(query, version)), query);
        var isCut = query.Limit > 0 && sorted.Count > query.Limit;
        var page = isCut ? sorted.GetRange(0, (int)query.Limit) : sorted;
        return answer with
        {
            More = isCut, Values = page.ConvertAll(version => version.ToAnswer(query.Has(RangeOptions.KeysOnly))),
        };
    }

    private static bool Passes(PlainRange query, NaiveVersion version) =>
        (query.ModifiedMin == 0 || version.Modified >= query.ModifiedMin)
        && (query.ModifiedMax == 0 || version.Modified <= query.ModifiedMax)
        && (query.CreatedMin == 0 || version.Created >= query.CreatedMin)
        && (query.CreatedMax == 0 || version.Created <= query.CreatedMax);

    /// <summary>They come in the order of keys, and sorting keeps the order of equals.</summary>
    private static List<NaiveVersion> Sort(List<NaiveVersion> found, PlainRange query)
    {
        if (!Enum.IsDefined(query.Order)) return found;
        var order = Comparer<NaiveVersion>.Create((one, two) => query.Target switch
        {
            SortTarget.Version => one.Version.CompareTo(two.Version),
            SortTarget.Created => one.Created.CompareTo(two.Created),
            SortTarget.Modified => one.Modified.CompareTo(two.Modified),
            SortTarget.Value => ByteOrder.Instance.Compare(one.Value, two.Value),
            _ => ByteOrder.Instance.Compare(one.Key, two.Key),
        });
        var isDown = query.Order == SortOrder.Descending;
        return [.. isDown ? found.OrderByDescending(version => version, order) : found.OrderBy(version => version, order)];
    }
}

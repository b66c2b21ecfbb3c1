using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Ranges;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Transactions;

/// <summary>Whether the conditions of a transaction hold in a state.</summary>
internal readonly ref struct CompareRunner<TProbe>(StateReader state, TProbe probe) where TProbe : struct, IStoreProbe
{
    internal bool Holds(in OperationList compares)
    {
        var from = new ByteReader(compares.Bytes);
        for (var i = 0; i < compares.Count; i++)
            if (!Holds(CompareClause.Read(ref from))) return false;
        return true;
    }

    /// <summary>Every key of a range must fulfil it; a range without keys is like a key that is not there.</summary>
    private bool Holds(in CompareClause clause)
    {
        var bounds = new KeyBounds(clause.Key, clause.End);
        if (bounds.IsSingle) return Holds(clause, state.Find(clause.Key));
        var any = false;
        state.Tree.Descend(clause.Key, out var path);
        for (; state.Tree.Settle(ref path); path.MoveOn())
        {
            var newest = state.Tree.ReferenceAt(path);
            if (!bounds.Reaches(state.Records.Key(newest))) break;
            var record = state.Live(newest, state.Newest);
            if (record.Reference == 0) continue;
            any = true;
            if (!Holds(clause, record)) return false;
        }

        return any || Holds(clause, default);
    }

    private bool Holds(in CompareClause clause, in Record record)
    {
        if (clause.Target == CompareTarget.Value && record.Reference == 0)
            return clause.Result == CompareResult.NotEqual && probe.Plants(StoreMutant.MissingValueUnequal);
        var order = clause.Target switch
        {
            CompareTarget.Version => record.Version.CompareTo(clause.Number),
            CompareTarget.Created => record.Created.CompareTo(clause.Number),
            CompareTarget.Modified => record.Modified.CompareTo(clause.Number),
            CompareTarget.Lease => record.Lease.CompareTo(clause.Number),
            CompareTarget.Value => record.Value.SequenceCompareTo(clause.Value),
            _ => 0,
        };
        return clause.Result switch
        {
            CompareResult.Equal => order == 0,
            CompareResult.Greater => order > 0,
            CompareResult.Less => order < 0,
            CompareResult.NotEqual => order != 0,
            _ => true,
        };
    }
}

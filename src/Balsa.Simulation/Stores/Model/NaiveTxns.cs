using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Model;

/// <summary>Runs one transaction. Everything that can refuse it comes first; what is begun is finished.</summary>
internal sealed class NaiveTxns(NaiveHistory history, long current, long compacted, Func<long, bool> hasLease)
{

    private readonly Dictionary<PlainTxn, bool> _outcomes = new(ReferenceEqualityComparer.Instance);

    internal bool HasChanged { get; private set; }

    /// <summary>A transaction sees its own changes, one revision ahead; one that only reads sees the state of its view.</summary>
    internal long Newest { private get; init; } = current + 1;

    private long Seen => HasChanged ? current + 1 : current;

    /// <summary>Conditions on the state before it, nested ones included; then puts, then ranges, on the path that is taken.</summary>
    internal StoreError Check(PlainTxn txn)
    {
        List<PlainOperation> path = [];
        Decide(txn, path);
        foreach (var put in path.OfType<PlainPut>())
        {
            var error = CheckPut(put);
            if (error != StoreError.None) return error;
        }

        foreach (var range in path.OfType<PlainRange>())
        {
            var error = NaiveRanges.Check(range, current, compacted, isInTxn: true);
            if (error != StoreError.None) return error;
        }

        return StoreError.None;
    }

    internal Answer Run(PlainTxn txn, long shown)
    {
        var succeeded = _outcomes[txn];
        var responses = (succeeded ? txn.Success : txn.Failure).Select(Run).ToList();
        return new Answer { Kind = OperationKind.Txn, Revision = shown, Succeeded = succeeded, Responses = responses };
    }

    internal Answer Run(PlainOperation operation)
    {
        switch (operation)
        {
            case PlainPut put:
                var previous = history.Put(put, current + 1);
                HasChanged = true;
                return new Answer
                {
                    Kind = OperationKind.Put, Revision = Seen,
                    Values = previous is not null && put.Has(PutOptions.ReturnPrevious) ? [previous.ToAnswer()] : [],
                };
            case PlainDelete delete:
                var deleted = history.Range(delete.Key, delete.End, Newest);
                foreach (var version in deleted) history.Delete(version.Key, current + 1);
                HasChanged |= deleted.Count > 0;
                return new Answer
                {
                    Kind = OperationKind.Delete, Revision = Seen, Count = deleted.Count,
                    Values = delete.ReturnsPrevious ? deleted.ConvertAll(version => version.ToAnswer()) : [],
                };
            case PlainRange range: return NaiveRanges.Run(history, range, Newest, Seen);
            default: return Run((PlainTxn)operation, shown: 0);
        }
    }

    /// <summary>In a transaction a missing key is noticed before a missing lease; a plain put is checked the other way round.</summary>
    private StoreError CheckPut(PlainPut put)
    {
        if (put.NeedsKey && history.Find(put.Key, Newest) is null) return StoreError.KeyNotFound;
        return put.Lease != 0 && !hasLease(put.Lease) ? StoreError.LeaseNotFound : StoreError.None;
    }

    private void Decide(PlainTxn txn, List<PlainOperation> path)
    {
        var holds = txn.Compares.All(Holds);
        _outcomes[txn] = holds;
        foreach (var operation in holds ? txn.Success : txn.Failure)
        {
            if (operation is PlainTxn nested) Decide(nested, path);
            else path.Add(operation);
        }
    }

    private bool Holds(PlainCompare compare)
    {
        var found = history.Range(compare.Key, compare.End, Newest);
        if (found.Count > 0) return found.TrueForAll(version => Holds(compare, version));
        // A key that is not there has no value that could be compared, but zeros for everything else.
        return compare.Target != CompareTarget.Value && Holds(compare, new NaiveVersion([], 0));
    }

    private static bool Holds(PlainCompare compare, NaiveVersion version)
    {
        var order = compare.Target switch
        {
            CompareTarget.Version => version.Version.CompareTo(compare.Number),
            CompareTarget.Created => version.Created.CompareTo(compare.Number),
            CompareTarget.Modified => version.Modified.CompareTo(compare.Number),
            CompareTarget.Lease => version.Lease.CompareTo(compare.Number),
            CompareTarget.Value => ByteOrder.Instance.Compare(version.Value, compare.Value),
            _ => 0,
        };
        return compare.Result switch
        {
            CompareResult.Equal => order == 0,
            CompareResult.Greater => order > 0,
            CompareResult.Less => order < 0,
            CompareResult.NotEqual => order != 0,
            _ => true,
        };
    }
}

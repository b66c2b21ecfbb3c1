using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Tests.Golden;

/// <summary>The part of the golden log that is transactions.</summary>
internal static class GoldenTransactions
{
    private static readonly byte[] Key = "t"u8.ToArray();

    internal static void AddTo(GoldenScript script)
    {
        script.Put("t", "5", "to be compared");
        script.Put("t", "6", "to be compared");
        script.Put("t1", "7", "to be compared");
        script.Txn(new TxnBuilder(), "empty");
        Compares(script);
        Ranges(script);
        Operations(script);
        Refused(script);
    }

    private static void Compares(GoldenScript script)
    {
        for (var target = CompareTarget.Version; target <= CompareTarget.Lease + 1; target++)
            for (var result = CompareResult.Equal; result <= CompareResult.NotEqual + 1; result++)
            {
                var one = new CompareClause { Key = Key, Target = target, Result = result, Number = 2, Value = "6"u8 };
                var range = new CompareClause { Key = Key, End = "u"u8, Target = target, Result = result, Number = 2, Value = "6"u8 };
                var missing = new CompareClause { Key = "none"u8, Target = target, Result = result };
                script.Txn(
                    new TxnBuilder().If(one).Then(new TxnBuilder().If(range)).Else(new TxnBuilder().If(range))
                        .Then(new TxnBuilder().If(missing)),
                    $"{target} {result}");
            }
    }

    private static void Ranges(GoldenScript script)
    {
        for (var order = SortOrder.None; order <= SortOrder.Descending + 1; order++)
        {
            var txn = new TxnBuilder();
            for (var target = SortTarget.Key; target <= SortTarget.Value; target++)
                txn.Then(Sorted(order, target));
            script.Txn(txn, $"sorted {order}");
        }

        script.Txn(
            new TxnBuilder()
                .Then(new RangeQuery { Key = Key }).Then(new RangeQuery { Key = "none"u8 })
                .Then(new RangeQuery { Key = "o"u8, End = "\0"u8, Limit = 1 })
                .Then(new RangeQuery { Key = "a"u8, End = "\0"u8, Limit = long.MaxValue, Options = RangeOptions.KeysOnly })
                .Then(new RangeQuery { Key = "a"u8, End = "z"u8, Options = RangeOptions.CountOnly | RangeOptions.Serializable })
                .Then(new RangeQuery { Key = "a"u8, End = "z"u8, Revision = 12, Limit = 3 })
                .Then(new RangeQuery { Key = "a"u8, End = "z"u8, ModifiedMin = 10, ModifiedMax = 30, Limit = 2 })
                .Then(new RangeQuery { Key = "a"u8, End = "z"u8, CreatedMin = 10, CreatedMax = 30, Limit = 2 }),
            "ranges of every kind");
    }

    private static RangeQuery Sorted(SortOrder order, SortTarget target) => new()
    {
        Key = "option"u8, End = "u"u8, Limit = 4, Order = order, Target = target, Options = RangeOptions.KeysOnly,
    };

    private static void Operations(GoldenScript script)
    {
        script.Txn(
            new TxnBuilder().If(new CompareClause { Key = "none"u8, Target = CompareTarget.Version })
                .Then(new RangeQuery { Key = Key }).Then(new PutCommand { Key = Key, Value = "8"u8, Options = PutOptions.ReturnPrevious })
                .Then(new RangeQuery { Key = Key }).Then(new PutCommand { Key = "t2"u8, Value = "9"u8, Lease = -1 })
                .Then(new DeleteCommand { Key = "t1"u8, ReturnPrevious = true }).Else(new DeleteCommand { Key = Key }),
            "one revision for all of it");
        script.Txn(
            new TxnBuilder().If(new CompareClause { Key = Key, Target = CompareTarget.Version }).Then(new PutCommand { Key = "no"u8 })
                .Else(new TxnBuilder().Then(new PutCommand { Key = "t3"u8, Value = "x"u8 })
                    .Then(new TxnBuilder().Then(new RangeQuery { Key = "t3"u8 })))
                .Else(new DeleteCommand { Key = "t2"u8 }),
            "the other branch, with transactions inside");
        script.Txn(
            new TxnBuilder().Then(new PutCommand { Key = "twice"u8, Value = "1"u8 }).Then(new DeleteCommand { Key = "tw"u8, End = "\0"u8 }),
            "two changes of one key in one revision");
        script.Txn(new TxnBuilder().Then(new DeleteCommand { Key = "none"u8 }), "changes nothing, so no revision");
    }

    private static void Refused(GoldenScript script)
    {
        script.Txn(new TxnBuilder().Then(new PutCommand { Key = Key }).Then(new PutCommand { Key = Key }), "duplicate");
        script.Txn(
            new TxnBuilder().Then(new DeleteCommand { Key = "a"u8, End = "z"u8 }).Then(new PutCommand { Key = Key }),
            "put into what is deleted");
        script.Txn(new TxnBuilder().Then(new PutCommand()), "no key");
        script.Txn(new TxnBuilder().If(new CompareClause()), "a compare without a key");
        script.Txn(
            new TxnBuilder().Then(new PutCommand { Key = Key, Value = "x"u8, Options = PutOptions.KeepValue }),
            "KeepValue with a value");
        script.Txn(
            new TxnBuilder().Then(new PutCommand { Key = Key, Lease = 1, Options = PutOptions.KeepLease }),
            "KeepLease with a lease");
        script.Txn(
            new TxnBuilder().Then(new PutCommand { Key = "none"u8, Lease = 404, Options = PutOptions.MustExist }),
            "not there, and no lease");
        script.Txn(
            new TxnBuilder().Then(new PutCommand { Key = Key, Lease = 404 }).Then(new DeleteCommand { Key = "a"u8 }),
            "no lease, so nothing");
        script.Txn(new TxnBuilder().Then(new RangeQuery { Key = Key, Revision = 100_000 }), "a revision of the future");
        script.Txn(
            new TxnBuilder().Then(new RangeQuery { Key = Key, Target = (SortTarget)9, Order = SortOrder.Ascending }),
            "an unknown sort");
        script.Txn(new TxnBuilder().Then(OperationKind.None, default), "an operation that was not set");
        script.Txn(new TxnBuilder().Then((OperationKind)9, default), "an unknown operation");
        var many = new TxnBuilder();
        for (var i = 0; i < 9; i++) many.Then(new RangeQuery { Key = Key });
        script.Txn(many, "too many operations");
        script.Raw(CommandKind.Txn, "more operations than were counted", 0, 0, 0, 6, 4, 0, 4, 0, 4, 0, 0, 0);
        script.Raw(CommandKind.Txn, "fewer operations than were counted", 0, 0, 2, 2, 0, 0, 0, 0);
    }
}

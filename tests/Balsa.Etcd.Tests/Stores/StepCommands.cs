using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;

namespace Balsa.Etcd.Tests.Stores;

/// <summary>Steps as entries of a log, and as queries.</summary>
internal sealed class StepCommands
{
    private readonly CommandCodec _codec = new();

    public byte[] Entry(Step step) => step switch
    {
        PutStep put => _codec.Put(Command(put)),
        DeleteStep delete => _codec.Delete(Command(delete)),
        TxnStep txn => _codec.Txn(Command(txn)),
        CompactStep compact => _codec.Compact(new CompactCommand(compact.Revision)),
        GrantStep grant => _codec.LeaseGrant(new LeaseGrantCommand(grant.Lease, grant.Seconds)),
        RevokeStep revoke => _codec.LeaseRevoke(new LeaseRevokeCommand(revoke.Lease)),
        AlarmStep alarm => _codec.Alarm(new AlarmCommand(alarm.Action, alarm.Type, alarm.Member)),
        _ => throw new ArgumentException($"A {step.Kind} is no entry.", nameof(step)),
    };

    public static RangeQuery Query(RangeStep range) => new()
    {
        Key = range.Key, End = range.End, Limit = range.Limit, Revision = range.Revision, Order = range.Order, Target = range.Target,
        Options = range.Options, ModifiedMin = range.ModifiedMin, ModifiedMax = range.ModifiedMax, CreatedMin = range.CreatedMin,
        CreatedMax = range.CreatedMax,
    };

    public static byte[] Body(TxnStep txn)
    {
        var writer = new ByteWriter();
        Command(txn).Write(writer);
        return writer.Written.ToArray();
    }

    private static PutCommand Command(PutStep put) => new() { Key = put.Key, Value = put.Value, Lease = put.Lease, Options = put.Options };

    private static DeleteCommand Command(DeleteStep delete) =>
        new() { Key = delete.Key, End = delete.End, ReturnPrevious = delete.ReturnPrevious };

    private static TxnBuilder Command(TxnStep txn)
    {
        var builder = new TxnBuilder();
        foreach (var condition in txn.If) builder.If(Clause(condition));
        foreach (var step in txn.Then) Add(builder, step);
        foreach (var step in txn.Else) AddElse(builder, step);
        return builder;
    }

    /// <summary>What was given for another target than the named one does not count, as whoever translates requests must know.</summary>
    private static CompareClause Clause(Condition condition)
    {
        var isGiven = condition.Given == condition.Target;
        var isValue = condition.Target == CompareTarget.Value;
        return new CompareClause
        {
            Target = condition.Target, Result = condition.Result, Key = condition.Key, End = condition.End,
            Number = isGiven && !isValue ? condition.Number : 0, Value = isGiven && isValue ? condition.Value : [],
        };
    }

    private static TxnBuilder Add(TxnBuilder builder, Step step) => step switch
    {
        PutStep put => builder.Then(Command(put)),
        DeleteStep delete => builder.Then(Command(delete)),
        RangeStep range => builder.Then(Query(range)),
        TxnStep txn => builder.Then(Command(txn)),
        _ => builder.Then(OperationKind.None, []),
    };

    private static TxnBuilder AddElse(TxnBuilder builder, Step step) => step switch
    {
        PutStep put => builder.Else(Command(put)),
        DeleteStep delete => builder.Else(Command(delete)),
        RangeStep range => builder.Else(Query(range)),
        TxnStep txn => builder.Else(Command(txn)),
        _ => builder.Else(OperationKind.None, []),
    };
}

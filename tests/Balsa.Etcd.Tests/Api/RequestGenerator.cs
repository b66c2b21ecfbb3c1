using Balsa.Protocol.Etcd;
using Google.Protobuf;
using Result = Balsa.Protocol.Etcd.Compare.Types.CompareResult;
using Target = Balsa.Protocol.Etcd.Compare.Types.CompareTarget;

namespace Balsa.Etcd.Tests.Api;

/// <summary>
/// Random requests on a few keys, so that they meet. Left out: orders with ties, which etcd sorts differently each time, and
/// kept values inside transactions, with which etcd can end.
/// </summary>
internal sealed class RequestGenerator(int seed)
{
    private readonly Random _random = new(seed);
    private long _revision = 1;

    internal IMessage Next() => _random.Next(100) switch
    {
        < 35 => Range(isInTxn: false),
        < 60 => Put(isInTxn: false),
        < 70 => Delete(),
        < 96 => Txn(depth: 0),
        _ => new CompactionRequest { Revision = _revision + _random.Next(-10, 3), Physical = Maybe(2) },
    };

    /// <summary>Revisions that are asked for lie around the newest.</summary>
    internal void Saw(long revision) => _revision = Math.Max(_revision, revision);

    private RangeRequest Range(bool isInTxn) => new()
    {
        Key = Key(), RangeEnd = End(), Limit = Maybe(3) ? _random.Next(-1, 4) : 0,
        Revision = Maybe(4) ? _revision + _random.Next(-15, 2) : isInTxn || !Maybe(30) ? 0 : -1,
        SortOrder = (RangeRequest.Types.SortOrder)_random.Next(3), KeysOnly = Maybe(5), CountOnly = Maybe(8), Serializable = Maybe(3),
        MinModRevision = Maybe(8) ? _revision - 3 : 0, MaxModRevision = Maybe(8) ? _revision - 1 : 0,
        MinCreateRevision = Maybe(8) ? _revision - 5 : 0, MaxCreateRevision = Maybe(8) ? _revision - 2 : 0,
    };

    private PutRequest Put(bool isInTxn) => new()
    {
        Key = Maybe(40) ? ByteString.Empty : Key(), Value = Value(), Lease = Maybe(30) ? 5 : 0, PrevKv = Maybe(2),
        IgnoreValue = !isInTxn && Maybe(12), IgnoreLease = !isInTxn && Maybe(12),
    };

    private DeleteRangeRequest Delete() => new() { Key = Maybe(40) ? ByteString.Empty : Key(), RangeEnd = End(), PrevKv = Maybe(2) };

    private TxnRequest Txn(int depth)
    {
        var txn = new TxnRequest();
        for (var left = _random.Next(3); left > 0; left--) txn.Compare.Add(Condition());
        for (var left = _random.Next(4); left > 0; left--) txn.Success.Add(Operation(depth));
        for (var left = _random.Next(3); left > 0; left--) txn.Failure.Add(Operation(depth));
        return txn;
    }

    private RequestOp Operation(int depth) => _random.Next(20) switch
    {
        < 7 => new RequestOp { RequestRange = Range(isInTxn: true) },
        < 13 => new RequestOp { RequestPut = Put(isInTxn: true) },
        < 16 => new RequestOp { RequestDeleteRange = Delete() },
        < 19 when depth < 3 => new RequestOp { RequestTxn = Txn(depth + 1) },
        19 when Maybe(4) => new RequestOp(),
        _ => new RequestOp { RequestRange = Range(isInTxn: true) },
    };

    private Compare Condition()
    {
        var compare = new Compare
        {
            Key = Maybe(40) ? ByteString.Empty : Key(), Result = (Result)_random.Next(4), Target = (Target)_random.Next(5),
        };
        if (Maybe(3)) compare.RangeEnd = End();
        // Now and then a union that does not fit the target, or none.
        switch (Maybe(8) ? (Target)_random.Next(6) : compare.Target)
        {
            case Target.Version: compare.Version = _random.Next(4); break;
            case Target.Create: compare.CreateRevision = Maybe(2) ? 0 : _revision - _random.Next(6); break;
            case Target.Mod: compare.ModRevision = Maybe(2) ? 0 : _revision - _random.Next(6); break;
            case Target.Value: compare.Value = Value(); break;
            case Target.Lease: compare.Lease = _random.Next(2); break;
        }

        return compare;
    }

    private ByteString Key() => ByteString.CopyFromUtf8($"k{_random.Next(6)}");

    private ByteString End() => _random.Next(8) switch
    {
        0 => ByteString.CopyFrom(0),
        1 => ByteString.CopyFromUtf8("l"),
        2 => ByteString.CopyFromUtf8($"k{_random.Next(6)}"),
        _ => ByteString.Empty,
    };

    private ByteString Value() => _random.Next(5) switch
    {
        0 => ByteString.Empty,
        1 => ByteString.CopyFrom(0xff, (byte)_random.Next(256)),
        _ => ByteString.CopyFromUtf8($"v{_random.Next(3)}"),
    };

    private bool Maybe(int oneIn) => _random.Next(oneIn) == 0;
}

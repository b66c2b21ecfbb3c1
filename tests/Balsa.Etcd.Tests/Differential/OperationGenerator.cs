using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;

namespace Balsa.Etcd.Tests.Differential;

/// <summary>Puts, deletes, ranges and transactions of them, with every option, seldom wrong enough to be refused.</summary>
internal sealed class OperationGenerator(Dice dice, World world)
{
    private const int DepthMax = 3;
    private readonly ConditionGenerator _conditions = new(dice, world);
    private byte[]? _written;

    public PutStep Put() => Put(dice.Key());

    public DeleteStep Delete() => Delete(dice.Key(), percentOfRanges: 40);

    public RangeStep Range()
    {
        var key = dice.Percent(1) ? [] : dice.Key();
        return new RangeStep(key, dice.Percent(30) ? [0] : dice.End(key, percentOfRanges: 70))
        {
            Limit = dice.Pick<long>((50, 0), (45, dice.Between(1, 8)), (5, -1)),
            Revision = Revision(),
            Order = (SortOrder)dice.Pick((50, 0), (24, 1), (24, 2), (2, 5)),
            Target = (SortTarget)dice.Pick((40, 0), (15, 1), (15, 2), (15, 3), (15, 4)),
            Options = (dice.Percent(12) ? RangeOptions.KeysOnly : RangeOptions.None)
                | (dice.Percent(8) ? RangeOptions.CountOnly : RangeOptions.None)
                | (dice.Percent(30) ? RangeOptions.Serializable : RangeOptions.None),
            ModifiedMin = Bound(), ModifiedMax = Bound(), CreatedMin = Bound(), CreatedMax = Bound(),
        };
    }

    public TxnStep Txn() => dice.Percent(1) ? Crowded() : Txn(depth: 0);

    /// <summary>One without transactions in it.</summary>
    public TxnStep FlatTxn() => Txn(DepthMax);

    private TxnStep Txn(int depth)
    {
        var conditions = Enumerable.Range(0, dice.Pick((40, 0), (35, 1), (15, 2), (10, 3))).Select(_ => _conditions.Next()).ToList();
        // One deck for each branch, or for both: a key may be written twice only in branches that exclude each other.
        var deck = dice.Deck();
        return new TxnStep(conditions, Operations(depth, deck), Operations(depth, dice.Percent(50) ? deck : dice.Deck()));
    }

    private List<Step> Operations(int depth, Queue<byte[]> deck) =>
        [.. Enumerable.Range(0, dice.Pick((15, 0), (30, 1), (30, 2), (15, 3), (10, 5))).Select(_ => Operation(depth, deck))];

    private Step Operation(int depth, Queue<byte[]> deck)
    {
        // A key from the deck was used by no other write of this transaction; one in a while takes any key.
        var key = dice.Percent(5) || !deck.TryDequeue(out var unused) ? dice.Key() : unused;
        return dice.Pick<Func<Step>>(
            (40, () => Put(key)), (30, Range), (18, () => Delete(key, percentOfRanges: 15)), (1, () => new UnsetStep()),
            (depth < DepthMax ? 12 : 0, () => new TxnStep(
                dice.Percent(70) ? [_conditions.Next(_written)] : [], Operations(depth + 1, deck), Operations(depth + 1, deck))))();
    }

    /// <summary>At the limit of operations or conditions, or one beyond it, directly or one level below.</summary>
    private TxnStep Crowded()
    {
        var count = (int)dice.Between(126, 129);
        var many = Enumerable.Range(0, count).Select(_ => (Step)new RangeStep(dice.Key(), [])).ToList();
        return dice.Below(4) switch
        {
            0 => new TxnStep([], many, []),
            1 => new TxnStep([.. Enumerable.Range(0, count).Select(_ => _conditions.Next())], [Put()], []),
            2 => new TxnStep([], [new TxnStep([], many, [])], []),
            _ => new TxnStep([], [Put()], [Range(), new TxnStep([], [], many)]),
        };
    }

    private PutStep Put(byte[] key)
    {
        var options = (dice.Percent(30) ? PutOptions.ReturnPrevious : PutOptions.None)
            | (dice.Percent(6) ? PutOptions.KeepValue : PutOptions.None)
            | (dice.Percent(6) ? PutOptions.KeepLease : PutOptions.None);
        var keepsValue = options.HasFlag(PutOptions.KeepValue) && dice.Percent(90);
        var keepsLease = options.HasFlag(PutOptions.KeepLease) && dice.Percent(90);
        _written = key;
        return new PutStep(dice.Percent(1) ? [] : key, keepsValue ? [] : dice.Value(key))
        {
            Lease = keepsLease ? 0 : Lease(), Options = options,
        };
    }

    private DeleteStep Delete(byte[] key, int percentOfRanges) =>
        new(dice.Percent(1) ? [] : key, dice.End(key, dice.IsGrowing ? 1 : percentOfRanges), dice.Percent(50));

    private long Lease()
    {
        if (dice.Percent(65)) return 0;
        return world.Leases.Count > 0 && dice.Percent(95) ? dice.Pick(world.Leases) : dice.Between(1, 12);
    }

    private long Revision() => dice.Pick<Func<long>>(
        (60, () => 0), (25, () => dice.Between(Math.Max(1, world.Compacted), world.Revision)), (4, () => world.Revision),
        (3, () => world.Revision + 1), (3, () => world.Compacted), (3, () => Math.Max(0, world.Compacted - 1)), (1, () => -1))();

    private long Bound() => dice.Percent(88) ? 0 : dice.Percent(90) ? Math.Max(1, world.Revision - dice.Below(60)) : -1;
}

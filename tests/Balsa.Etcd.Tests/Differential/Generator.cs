using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;

namespace Balsa.Etcd.Tests.Differential;

/// <summary>
/// Chooses the next step. It leaves out what ends etcd 3.4 or goes wrong in it: an unknown sort target, an alarm without a type
/// and some transactions stop the process, and of two types of alarm at once the last one to come or go decides about both.
/// </summary>
internal sealed class Generator(Dice dice, World world)
{
    private const int WatchesMax = 6, WritesMax = 12, GrowingSteps = 1500;
    private readonly Queue<Func<Step>> _planned = new();
    private readonly OperationGenerator _operations = new(dice, world);
    private int _steps, _watch;

    public Step Next()
    {
        dice.IsGrowing = _steps++ / GrowingSteps % 4 == 3;
        if (_planned.TryDequeue(out var planned)) return planned();
        if (world.Alarms.Count > 0 && dice.Percent(8)) return dice.Pick(world.Alarms) with { Action = AlarmAction.Deactivate };
        return dice.Pick<Func<Step>>(
            (300, _operations.Put), (250, _operations.Range), (60, _operations.Delete), (230, Txn),
            (8, Compact), (25, Grant), (12, Revoke), (4, () => new LeasesStep()), (3, ListAlarms), (3, ChangeAlarm),
            (10, WatchFromNow), (3, WatchHistory), (10, EndOldestWatch))();
    }

    /// <summary>The steps that end what is still open.</summary>
    public Step? Last()
    {
        if (_planned.TryDequeue(out var planned)) return planned();
        if (world.Alarms.Count > 0) return world.Alarms[0] with { Action = AlarmAction.Deactivate };
        return world.Watches.Count == 0 ? null : EndWatch(world.Watches[0]);
    }

    /// <summary>
    /// Under an alarm etcd looks only at the operations that lie directly in a transaction: it lets deeper puts pass without
    /// space, and refuses deeper reads of corrupt data. Our store looks all the way down, so then all is asked directly.
    /// </summary>
    private TxnStep Txn()
    {
        while (true)
        {
            var txn = world.Alarms.Count > 0 ? _operations.FlatTxn() : _operations.Txn();
            if (!StopsEtcd(txn)) return txn;
        }
    }

    /// <summary>
    /// A delete of all keys above is not seen as touching the same keys as a put. When that put keeps what is no longer there,
    /// etcd ends in the middle of the transaction.
    /// </summary>
    private static bool StopsEtcd(TxnStep txn)
    {
        var steps = Inside(txn).ToList();
        const PutOptions keep = PutOptions.KeepValue | PutOptions.KeepLease;
        return steps.Exists(step => step is DeleteStep { End: [0] })
            && steps.Exists(step => step is PutStep put && (put.Options & keep) != PutOptions.None);
    }

    private static IEnumerable<Step> Inside(TxnStep txn) =>
        txn.Then.Concat(txn.Else).SelectMany(step => step is TxnStep inner ? Inside(inner) : [step]);

    private CompactStep Compact() => new(dice.Pick<Func<long>>(
        (60, () => dice.Between(world.Compacted, world.Revision)), (10, () => world.Revision), (10, () => world.Compacted),
        (10, () => world.Revision + 1), (5, () => world.Compacted == 0 ? 1 : 0), (5, () => -1))());

    private GrantStep Grant() => new(
        dice.Pick((80, dice.Between(1, 12)), (10, -3), (10, long.MaxValue)),
        dice.Pick<long>((90, 1_000_000), (5, 9_000_000_000), (5, 9_000_000_001)));

    private RevokeStep Revoke() => new(
        world.Leases.Count > 0 && dice.Percent(80) ? dice.Pick(world.Leases) : dice.Between(0, 12));

    private AlarmStep ListAlarms() => new(AlarmAction.Get, (AlarmType)dice.Below(3), Member());

    private AlarmStep ChangeAlarm()
    {
        var type = world.Alarms.Count > 0 ? world.Alarms[0].Type : dice.Pick((60, AlarmType.NoSpace), (40, AlarmType.Corrupt));
        return new AlarmStep(dice.Percent(70) ? AlarmAction.Activate : AlarmAction.Deactivate, type, Member());
    }

    private ulong Member() => dice.Pick((50, 0UL), (30, 7UL), (20, ulong.MaxValue));

    /// <summary>A watch that stays for a while, from the next revision or a later one on.</summary>
    private Step WatchFromNow()
    {
        if (world.Watches.Count >= WatchesMax) return _operations.Range();
        return Watch(dice.Percent(60) ? 0 : world.Revision + dice.Between(1, 4));
    }

    /// <summary>
    /// A watch of what was. etcd gathers that some time after the opening, and a compaction before would end the watch, so there
    /// are only writes until all of it has come.
    /// </summary>
    private Step WatchHistory()
    {
        if (world.Alarms.Count > 0) return _operations.Range();
        var from = dice.Pick<Func<long>>(
            (35, () => dice.Between(Math.Max(1, world.Compacted), world.Revision)), (25, () => world.Revision - dice.Below(6)),
            (20, () => world.Compacted), (10, () => world.Compacted + 1), (10, () => world.Compacted - 1))();
        var watch = Watch(Math.Clamp(from, 1, world.Revision));
        for (var writes = dice.Below(WritesMax); writes > 0; writes--)
            _planned.Enqueue(dice.Percent(70) ? _operations.Put : _operations.Delete);
        // One whose range is empty is refused at once.
        _planned.Enqueue(() => world.Watches.Contains(watch) ? EndWatch(watch) : Next());
        return watch;
    }

    private WatchStep Watch(long start)
    {
        var key = dice.Percent(3) ? [] : dice.Key();
        var filter = dice.Pick((70, 0), (15, 1), (15, 2));
        return new WatchStep(++_watch, key, dice.End(key, percentOfRanges: 80), start)
        {
            ReturnPrevious = dice.Percent(60), NoPut = filter == 1, NoDelete = filter == 2,
        };
    }

    private Step EndOldestWatch()
    {
        var ready = world.Alarms.Count == 0 && world.Watches.Count > 0 && world.Watches[0].Start <= world.Revision;
        return ready && dice.Percent(50) ? EndWatch(world.Watches[0]) : _operations.Range();
    }

    /// <summary>A put and a delete that every watch of the key must tell of one of; when that has come, all before it has.</summary>
    private PutStep EndWatch(WatchStep watch)
    {
        var (last, key) = (0L, watch.Key.Length == 0 ? [0] : watch.Key);
        if (world.Revision < watch.Start) _planned.Enqueue(() => EndWatch(watch));
        else
        {
            _planned.Enqueue(() =>
            {
                last = world.Revision;
                return new DeleteStep(key, []);
            });
            _planned.Enqueue(() => new UnwatchStep(watch.Id, watch.NoDelete ? last : world.Revision));
        }

        return new PutStep(key, dice.Value());
    }
}

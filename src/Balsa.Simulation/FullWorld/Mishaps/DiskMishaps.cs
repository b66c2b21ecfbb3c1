using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Disks that fail, stall and fill up, and state machines that go wrong.</summary>
internal sealed class DiskMishaps(FullRun world, Dice dice)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    internal bool Inject(FaultKind kind, Dice draw) => kind switch
    {
        FaultKind.DiskStall => world.Injector.ForSome(1 + draw.Below(2), draw, node => Stall(node, draw)),
        FaultKind.SyncFails => world.Injector.ForSome(1, draw, node => Fail(node, kind, IoSite.SyncBatch, 1)),
        FaultKind.StepFails => world.Injector.ForSome(1, draw, node => Fail(node, kind, IoSite.None, 1 + draw.Below(30))),
        FaultKind.SetAside => world.Injector.ForSome(1 + draw.Below(2), draw, node => Spoil(node, draw)),
        _ => world.Injector.ForSome(1, draw, node => FillUp(node, draw)),
    };

    private static void Stall(FullNode node, Dice draw) => node.Disk.Faults.Plan(new DiskFault
    {
        Kind = DiskFaultKind.Stall, Ticks = draw.Between(100L, draw.Chance(100) ? 10_000L : 2_000L) * Millisecond,
    });

    private static void Fail(FullNode node, FaultKind kind, IoSite site, long nth)
    {
        node.FailureToCome = kind;
        node.Disk.Faults.Plan(DiskFault.At(site, nth, DiskError.Io));
    }

    private void FillUp(FullNode node, Dice draw)
    {
        node.FailureToCome = FaultKind.DiskFull;
        node.Disk.Faults.CapacityBytes = node.Disk.Names.Bytes() + draw.Below(2 * world.Options.Wal.SegmentBytes);
        After(draw.Between(300L, 6_000) * Millisecond, () => node.Disk.Faults.CapacityBytes = long.MaxValue);
    }

    /// <summary>Its state is damaged, or the state machine throws. Somebody notices and starts it again, as its message says.</summary>
    private void Spoil(FullNode node, Dice draw)
    {
        if (!node.IsServing) return;
        var (tap, life) = (node.Process!.Store, node.Life);
        if (world.Options.HashEvery > 0 && draw.Chance(500)) tap.Spoil(node.Machine!.Applied);
        else tap.WillThrow = true;
        After(draw.Between(500L, 6_000) * Millisecond, () =>
        {
            if (node.Life == life && node.IsServing && tap.IsHarmed) world.Lifecycle.CrashAndRestart(node, world.Lifecycle.Pause());
        });
    }

    private void After(long ticks, Action what) =>
        world.Queue.Add(world.Now + ticks + dice.Below(10_000), EventKind.Mishap, 0, 0, 0, 0, what);
}

using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Steps;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Snapshots;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>A snapshot on its way: its connection breaks, its pieces come late, or its receiver has no room for it.</summary>
internal sealed class StreamMishaps(FullRun world, Dice dice)
{
    /// <summary>The connection breaks instead of carrying this.</summary>
    internal bool Breaks(Parcel parcel)
    {
        if (parcel is SnapshotTaken { Taken: SnapshotTakenKind.Refused }) world.Faults.Hit(FaultKind.StreamRefused);
        if (world.IsCalm || !dice.Chance(world.Options.StreamBrokenPermille)) return false;
        world.Faults.Hit(FaultKind.StreamBroken);
        return true;
    }

    /// <summary>The receiver is asked to take a snapshot in.</summary>
    internal void OnArrived(FullNode receiver, Parcel parcel)
    {
        if (parcel is not SnapshotOpen || world.IsCalm || !dice.Chance(world.Options.StreamRefusedPermille)) return;
        receiver.Disk.Faults.Plan(DiskFault.At(IoSite.OpenIncoming, 1, DiskError.NoSpace));
    }

    /// <summary>What comes behind it on the same connection waits, too.</summary>
    internal long Delay()
    {
        if (world.IsCalm || !dice.Chance(world.Options.StreamDelayedPermille)) return 0;
        world.Faults.Hit(FaultKind.StreamDelayed);
        return dice.Between(100L, 3_000) * TimeSpan.TicksPerMillisecond;
    }
}

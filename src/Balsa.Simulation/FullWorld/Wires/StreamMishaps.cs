using Balsa.Raft.Membership;
using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.FullWorld.Mishaps;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Steps;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Snapshots;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>A snapshot on its way: its connection breaks, its pieces come late, or its receiver has no room for it.</summary>
internal sealed class StreamMishaps(FullRun world, Dice dice)
{
    private const int OvertakenPermille = 800;

    /// <summary>The connection breaks instead of carrying this.</summary>
    internal bool Breaks(Parcel parcel)
    {
        if (parcel is SnapshotTaken { Taken: SnapshotTakenKind.Refused }) world.Faults.Hit(FaultKind.StreamRefused);
        if (world.IsCalm || !dice.Chance(world.Options.StreamBrokenPermille)) return false;
        world.Faults.Hit(FaultKind.StreamBroken);
        return true;
    }

    /// <summary>The receiver is asked to take a snapshot in, or has its end.</summary>
    internal void OnArrived(FullNode receiver, Parcel parcel)
    {
        if (parcel is SnapshotPiece piece && piece.Offset + piece.Bytes.Length == piece.FileBytes) Overtake(receiver);
        if (parcel is not SnapshotOpen || world.IsCalm || !dice.Chance(world.Options.StreamRefusedPermille)) return;
        receiver.Disk.Faults.Plan(DiskFault.At(IoSite.OpenIncoming, 1, DiskError.NoSpace));
    }

    /// <summary>
    /// The disk takes so long with the whole snapshot that its sender begins again, or another leader comes whose log still begins early
    /// enough: then what the snapshot was to bring is there before it.
    /// </summary>
    private void Overtake(FullNode receiver)
    {
        if (world.IsCalm || world.Options.StreamDelayedPermille == 0 || !dice.Chance(OvertakenPermille)) return;
        var stall = world.Options.Raft.SnapshotStall.Ticks * dice.Between(1_000L, 3_000) / 1_000;
        receiver.Disk.Faults.Plan(new DiskFault { Kind = DiskFaultKind.Stall, Site = IoSite.SyncIncoming, Ticks = stall });
        world.Faults.Hit(FaultKind.StreamDelayed);
        if (world.FindLeader() is not { IsServing: true } leader || !dice.Chance(250)) return;
        var target = MemberDraws.Pick(leader.Machine!.Configuration, MemberRole.Voter, dice);
        if (!target.IsNone && target != leader.Id) world.Operators.Transfer(leader, target);
    }

    /// <summary>What comes behind it on the same connection waits, too.</summary>
    internal long Delay()
    {
        if (world.IsCalm || !dice.Chance(world.Options.StreamDelayedPermille)) return 0;
        world.Faults.Hit(FaultKind.StreamDelayed);
        return dice.Between(100L, 3_000) * TimeSpan.TicksPerMillisecond;
    }
}

using Balsa.Simulation.Faults;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.Worlds;

/// <summary>Turns the crank of the disks: starts syncs, ends them, and tells the nodes.</summary>
internal sealed class DiskWork(World world)
{
    internal void Work(SimulatedNode node)
    {
        if (!node.Disk.TryBeginSync()) return;
        EndLater(node, Math.Max(world.Now, node.DiskStalledUntil));
    }

    /// <summary>A stalled disk comes back: what it was doing ends soon, not when the stall would have ended.</summary>
    internal void Unstall(SimulatedNode node)
    {
        node.DiskStalledUntil = 0;
        if (node.IsUp && node.Disk.Syncing > 0) EndLater(node, world.Now);
    }

    private void EndLater(SimulatedNode node, long from) => world.Queue.Add(
        from + world.Timing.SyncDelay(), EventKind.DiskWorks, node.Slot, node.Life, ++node.SyncNumber);

    /// <summary>The platter has it; the process hears of it when it is not paused.</summary>
    internal void OnSyncEnds(SimulatedNode node, ulong number)
    {
        if (number != node.SyncNumber) return;
        if (node.DiskStalledUntil > world.Now)
        {
            EndLater(node, node.DiskStalledUntil);
            return;
        }
        if (node.NextSyncFails)
        {
            node.NextSyncFails = false;
            world.Faults.Hit(FaultKind.SyncFails);
            world.Queue.Add(world.Now, EventKind.Synced, node.Slot, node.Life, 0);
            return;
        }
        var last = node.Disk.FinishSync();
        world.Queue.Add(world.Now, EventKind.Synced, node.Slot, node.Life, last.Value);
        Work(node);
    }
}

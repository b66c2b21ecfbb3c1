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
        var begins = Math.Max(world.Now, node.DiskStalledUntil);
        world.Queue.Add(begins + world.Timing.SyncDelay(), EventKind.DiskWorks, node.Slot, node.Boot);
    }

    /// <summary>The platter has it; the process hears of it when it is not paused.</summary>
    internal void OnSyncEnds(SimulatedNode node)
    {
        if (node.DiskStalledUntil > world.Now)
        {
            world.Queue.Add(node.DiskStalledUntil + world.Timing.SyncDelay(), EventKind.DiskWorks, node.Slot, node.Boot);
            return;
        }
        if (node.NextSyncFails)
        {
            node.NextSyncFails = false;
            world.Faults.Hit(FaultKind.SyncFails);
            world.Queue.Add(world.Now, EventKind.Synced, node.Slot, node.Boot, 0);
            return;
        }
        var last = node.Disk.FinishSync();
        world.Queue.Add(world.Now, EventKind.Synced, node.Slot, node.Boot, last.Value);
        Work(node);
    }
}

namespace Balsa.Simulation.Scheduling;

/// <summary>Everything that can happen in a world.</summary>
internal enum EventKind : byte
{
    // To a node. These wait while it is paused, and are lost when the boot they were meant for is over.
    Deliver = 1, Timer, Synced, Applied, Loaded, SnapshotTaken, SnapshotArrived, SnapshotRefused,
    SnapshotProgress, Ask, Operate, Drain,

    // To the world.
    DiskWorks, Start, Resume, TransferStep, Fault, LinksHeal, SlowEnds, ClientTurn, PhaseEnds,

    // Only in the full world: to the process of a node, to the network, to callers.
    LanesWork, Turn, PumpTimer, FrameArrives, HelloArrives, HelloAnswered, Dial, HungUp,
    CallArrives, ReadServed, CallAnswered, CallTimesOut, Mishap,
}

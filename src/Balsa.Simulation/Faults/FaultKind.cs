namespace Balsa.Simulation.Faults;

/// <summary>Everything that can go wrong, and everything an operator may ask for at a bad time. Names are printed in kebab-case.</summary>
public enum FaultKind
{
    // Network: by chance with each message
    Delay, Loss, Duplicate, Replay, Reorder, ClientTimeout,

    // Network: planned
    PartitionHalves, IsolateOne, IsolateLeader, Bridge, Ring, OneWay, Clog, SwizzleClog, Unreachable,

    // Processes
    Crash, CrashInRun, CrashInStart, CrashMajority, CrashAll, Shutdown, PauseOne, PauseMany, PauseAll, SlowNode, Wipe, Rollback,

    // Disks, and hosts that cannot serve
    KeepsNothing, KeepsEverything, KeepsPrefix, TearsAppend, KeepsSubset, SyncFails, DiskStall, SetAside, Damage, TermLost,

    // Clocks
    ClockRate, ClockOrigin,

    // Drills: several things at once
    LeaderBlinks, HandoverCut, JointCut, LearnerCut,

    // Membership and leadership
    AddLearner, AddVoter, Promote, Demote, Remove, RemoveLeader, ReAdd, WrongExpected, ConcurrentChange, Settings, Replace,
    Transfer, ForcedCampaign, Campaign, Resign, Tenure,

    // Snapshots
    SnapshotTaken, StreamBroken, StreamRefused, StreamDelayed,

    // Only in the full world: bytes on the wire and steps of the disk
    FrameFlipped, FrameCut, ForeignBytes, StepFails, DiskFull,
}

namespace Balsa.Replica.Contracts;

/// <summary>What a replica needs from outside: a log, snapshots, the other members, and the application.</summary>
public sealed record ReplicaParts(
    ILogWriter Log, ILogReader Reader, ISnapshotShelf Snapshots, IPeerNetwork Network, IStateMachine Machine);

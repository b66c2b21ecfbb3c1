using Balsa.Raft;

namespace Balsa.Replica.Hosting;

/// <summary>The core asked to stop for good.</summary>
public sealed class ReplicaStoppedException(StopReason reason) : Exception($"The member stopped itself: {reason}.")
{
    public StopReason Reason { get; } = reason;
}

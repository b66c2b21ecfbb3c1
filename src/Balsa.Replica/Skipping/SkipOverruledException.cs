using Balsa.Raft.Log;

namespace Balsa.Replica.Skipping;

/// <summary>The cluster left out an entry that this member's state contains.</summary>
internal sealed class SkipOverruledException(SkippedEntry target, LogIndex order) : Exception(
    $"the cluster decided at entry {order} to leave out entry {target}, which this member's state contains")
{
    internal SkippedEntry Target => target;
}

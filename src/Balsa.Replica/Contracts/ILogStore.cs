using Balsa.Raft.Effects;
using Balsa.Raft.Log;

namespace Balsa.Replica.Contracts;

/// <summary>
/// Where a member keeps what it must not forget. Called by one thread, in the order the core asked. Nothing handed over
/// counts before <see cref="Sync"/> has returned; any exception stops the node, and the store is not called again.
/// </summary>
public interface ILogStore
{
    void SaveHardState(HardState hardState);

    void Append(in ReplicaEntry entry);

    void TruncateFrom(LogIndex from);

    /// <summary>Makes everything handed over so far durable, or throws.</summary>
    void Sync();
}

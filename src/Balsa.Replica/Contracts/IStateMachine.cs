using Balsa.Raft.Log;

namespace Balsa.Replica.Contracts;

/// <summary>The replicated application. One thread calls it, in log order; after a restart again from the first entry on.</summary>
/// <remarks>
/// <see cref="Apply"/> must be deterministic: no clock, no randomness, no order of hash tables. Throwing stops this node,
/// because the members' states would differ.
/// </remarks>
public interface IStateMachine
{
    /// <summary>Applies one committed command. The answer goes to the caller that proposed it, if it waits here.</summary>
    byte[] Apply(LogIndex index, in EntryEnvelope envelope, ReadOnlySpan<byte> command);

    /// <summary>Answers from the state as it is now. What it returns is read by other threads and must not change any more.</summary>
    object Query(ReadOnlyMemory<byte> query);
}

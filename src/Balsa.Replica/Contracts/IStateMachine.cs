using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Replica.Contracts;

/// <summary>The replicated application. One thread calls it, in log order; after a restart again from the first entry on.</summary>
/// <remarks>
/// <see cref="Apply"/> must be deterministic: no clock, no randomness, no order of hash tables. Throwing stops this node,
/// because the members' states would differ.
/// </remarks>
public interface IStateMachine
{
    /// <summary>
    /// Applies one committed command. The answer goes to the caller that proposed it, if it waits here; it is copied before
    /// the next call.
    /// </summary>
    ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command);

    /// <summary>Answers from the state as it is now. What it returns is read by other threads and must not change any more.</summary>
    object Query(ReadOnlyMemory<byte> query);

    /// <summary>
    /// What all members understand from the next entry on. Behaviour that an earlier build does not have begins with it and with
    /// nothing else, so that all members change at the same entry. Told at the start, with a new state, and when it rises.
    /// </summary>
    void OnFeatureLevel(uint level)
    {
    }

    /// <summary>All that was committed so far has been applied: readers may see it.</summary>
    void EndBatch();

    /// <summary>What its captures hold.</summary>
    ContentVersion Content { get; }

    /// <summary>Begins to give out the state as it is now; null while an earlier capture is not disposed of.</summary>
    IStateCapture? Capture();

    /// <summary>Begins to build another state from the content of a capture. Another thread fills it.</summary>
    /// <param name="content">What the content says that it is; an unknown one is refused through the result.</param>
    IStateRestore BeginRestore(ContentVersion content);

    /// <summary>The finished state takes the place of the present one.</summary>
    void Adopt(IStateRestore restored);

    /// <summary>Of the state as it is now; null when it has none. Asked every so many entries.</summary>
    StateHash? Hash { get; }

    /// <summary>A slice of work that can wait, well below a millisecond; true while there is more.</summary>
    bool Work();
}

using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Replica.Contracts;

/// <summary>Reads back entries that are on disk only.</summary>
public interface ILogReader
{
    /// <summary>
    /// Reads first..last, or fewer when that would pass the bytes. Answered later by <see cref="Inputs.EntriesRead"/>, once
    /// for each call, with no entries when they are gone.
    /// </summary>
    /// <param name="purpose">The peer that gets them; none for the state machine. It comes back with the answer.</param>
    void Read(MemberId purpose, LogIndex first, LogIndex last, long bytesMax);
}

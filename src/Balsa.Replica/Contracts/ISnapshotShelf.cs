using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Snapshots;

namespace Balsa.Replica.Contracts;

/// <summary>
/// Keeps snapshots, and moves them between members. Nothing here blocks: what came of it is told later by an input of the
/// replica.
/// </summary>
public interface ISnapshotShelf
{
    /// <summary>Whether the log has grown enough since the newest snapshot for another one.</summary>
    bool IsDue(long logBytesSince, ulong entriesSince);

    /// <summary>Writes one; told by <see cref="Inputs.SnapshotMade"/> or <see cref="Inputs.SnapshotFailed"/>.</summary>
    void Make(SnapshotOrder order);

    /// <summary>Reads one back into a state; told by <see cref="Inputs.StateRestored"/>.</summary>
    void Restore(EntryId snapshot, StateIntake intake);

    /// <summary>Sends one; told by <see cref="Inputs.TransferMoved"/>.</summary>
    void Send(MemberId peer, EntryId snapshot, LogIndex session);

    void CallOff(MemberId peer, EntryId snapshot);

    /// <summary>
    /// A leader is going to send one; told by <see cref="Inputs.SnapshotArrived"/> or <see cref="Inputs.SnapshotRefused"/>.
    /// </summary>
    void Expect(MemberId leader, EntryId snapshot);

    /// <summary>How far the log is on stable media, and how many bytes it has taken since the start.</summary>
    void OnLog(LogIndex durable, long bytes);
}

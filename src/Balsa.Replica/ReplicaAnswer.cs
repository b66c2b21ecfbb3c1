using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Reads;

namespace Balsa.Replica;

/// <summary>What became of a request, with the state machine's answer when it is done.</summary>
/// <param name="Leader">Who leads as far as this member knows, for a caller that wants to go there.</param>
/// <param name="Shortage">Set when it was refused for want of room.</param>
public readonly record struct ReplicaAnswer(
    Outcome Outcome, EntryId Entry, MemberId Leader, object? Result, Shortage Shortage = Shortage.None)
{
    /// <summary>Of a read: what it rests on.</summary>
    public ReadMode Served { get; init; }
}

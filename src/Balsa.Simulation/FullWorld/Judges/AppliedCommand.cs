using Balsa.Raft.Log;

namespace Balsa.Simulation.FullWorld.Judges;

/// <summary>A command of the one true history, and what the model made of it.</summary>
/// <param name="Call">Whose it is.</param>
/// <param name="Before">The command before this one.</param>
/// <param name="Revision">Of the model, after it.</param>
internal sealed record AppliedCommand(EntryId Entry, uint Crc, ulong Call, LogIndex Before, byte[] Answer, long Revision, long Compacted)
{
    /// <summary>Over history and content, as the first member had them that stopped here.</summary>
    internal (ulong History, ulong Content)? Hashes { get; set; }
}

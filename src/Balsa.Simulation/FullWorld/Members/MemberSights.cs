using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>What the world saw of a process after its last turn, to compare the next one with.</summary>
internal sealed class MemberSights
{
    internal Term Term { get; set; }

    internal LogIndex Commit { get; set; }

    internal LogIndex Applied { get; set; }

    /// <summary>The term in which it was last seen leading, and how long its log was then.</summary>
    internal Term LedTerm { get; set; }

    internal EntryId LedLast { get; set; }

    internal ulong LedChain { get; set; }

    /// <summary>The last entry after which its hashes were compared.</summary>
    internal LogIndex Hashed { get; set; }

    /// <summary>How many turns it has been set aside.</summary>
    internal int AsideTurns { get; set; }

    /// <summary>The configuration it went by after its last turn.</summary>
    internal Configuration Ruling { get; set; } = Configuration.Empty;

    internal void BeginLife(DirectoryTruth truth)
    {
        Term = truth.Durable.Term;
        Commit = Applied = truth.Written.Boundary.Index;
        Ruling = truth.Written.Ruling;
    }
}

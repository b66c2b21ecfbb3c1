using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Simulation.Nodes;

/// <summary>What the world remembers of a node's present boot, to compare the next state with.</summary>
internal sealed class NodeMemory
{
    internal Term Term { get; set; }

    internal LogIndex Commit { get; set; }

    internal LogIndex Applied { get; set; }

    /// <summary>The term in which it was last seen leading, and how long its log was then.</summary>
    internal Term LedTerm { get; set; }

    internal EntryId LedLast { get; set; }

    internal ulong LedChain { get; set; }

    /// <summary>Since when it leads although a committed configuration left it out; 0 when it does not.</summary>
    internal long LeadsUninvitedSince { get; set; }

    /// <summary>The transfer that it was asked for and has not answered, and the term it led then; 0 when there is none.</summary>
    internal (ulong Correlation, Term Term) HandsOver { get; set; }

    /// <summary>The configuration it went by after its last step.</summary>
    internal Configuration Ruling { get; set; } = Configuration.Empty;

    internal bool ToldRemoved { get; set; }

    internal StopReason StoppedBecause { get; set; }

    internal void BeginBoot(Term term, LogIndex applied, Configuration ruling)
    {
        Ruling = ruling;
        (Term, Commit, Applied) = (term, applied, applied);
        (LedTerm, LedLast, LedChain, LeadsUninvitedSince) = (Term.Zero, EntryId.Start, 0, 0);
        (ToldRemoved, StoppedBecause, HandsOver) = (false, StopReason.None, default);
    }
}

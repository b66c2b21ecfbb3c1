using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Transfer;

/// <summary>
/// A hand-over under way. It outlives the reign: after stepping down the old leader still waits to see who leads the
/// next term, to tell the caller the truth.
/// </summary>
internal sealed class LeadershipTransfer(MemberId target, Correlation correlation, Term term, long deadline)
{
    internal MemberId Target { get; } = target;

    internal Correlation Correlation { get; } = correlation;

    internal Term Term { get; } = term;

    internal long Deadline { get; } = deadline;

    /// <summary>"Campaign now" has been said: from here on the target may win at any time.</summary>
    internal bool Said { get; set; }
}

using Balsa.Raft.Log;

namespace Balsa.Raft.Identity;

/// <summary>What a member says of itself when it connects.</summary>
/// <param name="Repairing">Damage took entries it had acknowledged; its answers count for nothing until they are back.</param>
public readonly record struct Hello(Origin Origin, Term Term, LogIndex DurableLast, bool Repairing = false);

public enum Admission : byte
{
    Welcome = 0,
    WrongGroup,

    /// <summary>Another data directory than the one bound to this member.</summary>
    WrongIncarnation,

    /// <summary>A start that is older than one already seen: an old image of the disk came back.</summary>
    BootRolledBack,

    /// <summary>The member has forgotten a term or entries that it had acknowledged.</summary>
    StateRolledBack,
}

/// <summary>
/// What this member remembers of each other one, to notice a disk that went back in time. The highest boot is kept
/// durably by the host; terms and matches in memory only, so an image of the present boot goes unnoticed once every
/// member that knew better has restarted too.
/// </summary>
public sealed class PeerLedger
{
    private readonly SortedList<MemberId, Known> _known = [];

    private struct Known
    {
        internal Incarnation Incarnation;
        internal Boot Boot;
        internal Term Term;
        internal LogIndex Match;
    }

    /// <summary>What was on disk at start.</summary>
    public void Restore(MemberId member, Incarnation incarnation, Boot highest) =>
        _known[member] = new Known { Incarnation = incarnation, Boot = highest };

    public Boot HighestBoot(MemberId member) => _known.TryGetValue(member, out var known) ? known.Boot : default;

    /// <summary>
    /// Judges a hello. A repairing member says so and may be behind; <paramref name="expected"/> is the incarnation that
    /// the configuration holds, or none.
    /// </summary>
    /// <param name="isOvertaken">What the member said on another connection may have come before it: only its start is judged.</param>
    public Admission Judge(in Hello hello, GroupId group, Incarnation expected, bool repairing, bool isOvertaken = false)
    {
        if (hello.Origin.Group != group) return Admission.WrongGroup;
        if (!expected.IsNotStarted && hello.Origin.Incarnation != expected) return Admission.WrongIncarnation;
        if (!_known.TryGetValue(hello.Origin.Member, out var known) || known.Incarnation != hello.Origin.Incarnation)
        {
            Restore(hello.Origin.Member, hello.Origin.Incarnation, hello.Origin.Boot);
            return Admission.Welcome;
        }
        if (hello.Origin.Boot < known.Boot) return Admission.BootRolledBack;
        if (!isOvertaken && HasForgotten(hello, known, repairing)) return Admission.StateRolledBack;
        known.Boot = hello.Origin.Boot;
        _known[hello.Origin.Member] = known;
        return Admission.Welcome;
    }

    private static bool HasForgotten(in Hello hello, in Known known, bool repairing) => hello.Term < known.Term
        // Only within one term: a newer leader may have cut back what an older one had seen acknowledged.
        || (hello.Term == known.Term && hello.DurableLast < known.Match && !repairing);

    /// <summary>
    /// In a message that we believed the member showed a term, and that it holds that term's log through an index (0: none). What
    /// comes late from a directory that another one has replaced does not bind the new one, which never said it.
    /// </summary>
    public void Note(in Origin sender, Term term, LogIndex match)
    {
        if (!_known.TryGetValue(sender.Member, out var known) || known.Incarnation != sender.Incarnation) return;
        if (term < known.Term) return;
        // Messages overtake each other, so within a term only the highest match counts.
        known.Match = term > known.Term ? match : LogIndex.Larger(known.Match, match);
        known.Term = term;
        _known[sender.Member] = known;
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Election;

/// <summary>What a voter answers, with the reason in the name.</summary>
internal enum VoteDecision : byte
{
    Grant,
    StaleTerm,
    AlreadyVoted,
    LeaderIsKnown,
    LogIsBehind,

    /// <summary>This member's memory is damaged: it might have voted already.</summary>
    MayNotVote,
}

/// <summary>What a voter knows when it is asked.</summary>
internal readonly record struct Voter(Term Term, MemberId VotedFor, MemberId Leader, EntryId Last, bool MayVote);

/// <summary>The rules of voting as two pure functions, so that their tests are tables.</summary>
internal static class VoteRules
{
    /// <summary>Paper, 5.2 and 5.4.1: one vote a term, and only for a log at least as complete. A newer term is adopted already.</summary>
    internal static VoteDecision OnVote(in Voter voter, MemberId candidate, Term term, EntryId last)
    {
        if (term < voter.Term) return VoteDecision.StaleTerm;
        if (!voter.MayVote) return VoteDecision.MayNotVote;
        if (!voter.VotedFor.IsNone && voter.VotedFor != candidate) return VoteDecision.AlreadyVoted;
        if (voter.VotedFor.IsNone && !voter.Leader.IsNone) return VoteDecision.LeaderIsKnown;
        return last.IsAtLeastAsCompleteAs(voter.Last) ? VoteDecision.Grant : VoteDecision.LogIsBehind;
    }

    /// <summary>Dissertation, 9.6: would this voter grant a vote in that term? Asks without changing anything.</summary>
    internal static VoteDecision OnPreVote(in Voter voter, bool leaderIsAlive, Term term, EntryId last)
    {
        if (term <= voter.Term) return VoteDecision.StaleTerm;
        if (!voter.MayVote) return VoteDecision.MayNotVote;
        if (leaderIsAlive) return VoteDecision.LeaderIsKnown;
        return last.IsAtLeastAsCompleteAs(voter.Last) ? VoteDecision.Grant : VoteDecision.LogIsBehind;
    }
}

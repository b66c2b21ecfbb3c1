using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Tests.Parts;

/// <summary>The decision table of voting: every combination, with the reason in the answer.</summary>
public sealed class VoteRulesTests
{
    private static readonly MemberId Candidate = new(1), Other = new(2);

    public static TheoryData<ulong, ulong, ulong, int, bool, string> Votes() => new()
    {
        // term asked for, voted for, leader, candidate's log against ours, may vote; the voter is in term 5
        { 4, 0, 0, 1, true, "StaleTerm" },
        { 4, 1, 0, 1, true, "StaleTerm" },
        { 5, 0, 0, 1, false, "MayNotVote" },
        { 5, 1, 0, 1, false, "MayNotVote" },
        { 5, 2, 0, 1, true, "AlreadyVoted" },
        { 5, 2, 2, 1, true, "AlreadyVoted" },
        { 5, 0, 2, 1, true, "LeaderIsKnown" },
        { 5, 0, 0, -1, true, "LogIsBehind" },
        { 5, 1, 0, -1, true, "LogIsBehind" },
        { 5, 0, 0, 0, true, "Grant" },
        { 5, 0, 0, 1, true, "Grant" },
        { 5, 1, 0, 0, true, "Grant" },
        { 5, 1, 1, 0, true, "Grant" },
    };

    private static EntryId Log(int against) => against switch
    {
        < 0 => new EntryId(new Term(3), new LogIndex(9)),
        0 => new EntryId(new Term(4), new LogIndex(7)),
        _ => new EntryId(new Term(4), new LogIndex(8)),
    };

    [Theory, MemberData(nameof(Votes))]
    [Row("S0-09", "S1-05", "S4-22")]
    public void A_vote_is_given_once_a_term_and_only_for_a_log_that_is_level(
        ulong term, ulong votedFor, ulong leader, int log, bool mayVote, string expected)
    {
        var voter = new Voter(new Term(5), new MemberId(votedFor), new MemberId(leader), Log(0), mayVote);
        Assert.Equal(expected, $"{VoteRules.OnVote(voter, Candidate, new Term(term), Log(log))}");
    }

    public static TheoryData<ulong, bool, int, bool, string> PreVotes() => new()
    {
        { 4, false, 1, true, "StaleTerm" },
        { 5, false, 1, true, "StaleTerm" },
        { 6, false, 1, false, "MayNotVote" },
        { 6, true, 1, true, "LeaderIsKnown" },
        { 6, false, -1, true, "LogIsBehind" },
        { 6, false, 0, true, "Grant" },
        { 99, false, 1, true, "Grant" },
    };

    [Theory, MemberData(nameof(PreVotes))]
    public void A_pre_vote_is_given_in_silence_and_only_for_a_log_that_is_level(
        ulong term, bool leaderIsAlive, int log, bool mayVote, string expected)
    {
        var voter = new Voter(new Term(5), Other, MemberId.None, Log(0), mayVote);
        Assert.Equal(expected, $"{VoteRules.OnPreVote(voter, leaderIsAlive, new Term(term), Log(log))}");
    }

    [Fact]
    [Row("S1-29", "S1-34")]
    public void Logs_are_compared_by_the_last_term_first_and_by_length_only_within_one_term()
    {
        for (var a = 0UL; a < 25; a++)
        {
            for (var b = 0UL; b < 25; b++)
            {
                EntryId one = new(new Term(a / 5), new LogIndex(a % 5)), other = new(new Term(b / 5), new LogIndex(b % 5));
                Assert.Equal(a >= b, one.IsAtLeastAsCompleteAs(other));
            }
        }
    }
}

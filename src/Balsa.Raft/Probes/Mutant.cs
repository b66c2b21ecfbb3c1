namespace Balsa.Raft.Probes;

/// <summary>
/// Mistakes that can be planted, each one that somebody once made. Tests and the simulator must catch every one; those
/// whose name begins with Legal are no mistakes but other correct behaviours, and must not be flagged.
/// </summary>
public enum Mutant
{
    None = 0,

    // Votes and terms
    VoteNotPersisted, VoteSentBeforeDurable, VoteRequestBeforeDurable, OwnVoteCountsBeforeDurable, VoteForgottenOnStepDown,
    VoteTwice, VoteIgnoresLog, VoteComparesLengthOnly, StaleVoteCounts, RefusedVoteCounts,
    PreVoteIgnoresLog, PreVoteAdoptsTerm, NoStickiness, NoCheckQuorum, LearnerCampaigns, ElectionIgnoresOutgoing,

    // Log and commit
    CountsEarlierTerms, LeaderCountsBeforeDurable, AppendAnsweredBeforeDurable, LateWriteCountsAfterTruncation,
    TruncatesWithoutConflict, AppendIgnoresPrevious, AckClaimsWholeLog, CommitBeyondVerified,
    HeartbeatCommitUnbounded, StaleTermReplyCounts, LostAnsweredAsNotDone,

    // Membership
    StaleSessionCounts, ConfigurationAppliedAtCommit, TruncationKeepsConfiguration, LearnerCounts, CommitIgnoresOutgoing,
    TwoChangesAtOnce, VotersChangedWithoutJoint, JointLeftBeforeCommit, JointNeverLeft,
    RemovedLeaderStays, PromotesLaggingLearner, WipedMemberAccepted, LevelCountsWhoIsAway,

    // Reads
    ReadContextReused, AnyHeartbeatConfirmsReads, ReadJoinsRunningRound, ReadUnconfirmed, ReadBeforeFirstCommit, ReadQuorumCountsLearners,
    ReadQuorumIgnoresOutgoing, LeaseWithoutClockMargin, LeaseKeptInTransfer, LeaseBackAfterTransfer,

    // Transfer, snapshots, repair, slow disk
    TransferBeforeCaughtUp, ProposesDuringTransfer, SnapshotAnsweredBeforeDurable, RepairingMemberVotes,
    RepairingMemberLeads, RepairingMemberCounts, SlowDiskKeepsLeading,

    // The host of the core: replica and executor. Only the full world and tests of the replica can meet them
    HostReleasesBeforeDurable, HostReadsLocally, HostForgetsResult, HostGivesOtherResult, HostTellsUnknownAsNotDone,
    HostRepeatsUnnamedWrites, HostForgetsThatItMayBeDone, HostForwardsTwice, HostNumbersForwardsFromOne, HostBelievesPreVotes,
    HostServesHeldTooLate, HostServesHeldTwice, HostForgetsHeldAtShutdown, HostForwardsNeverEnd,
    HostStampsSharedBytes, HostAppliesAgainAfterRestart, HostReportsAppliedEarly, HostConfirmsAllReads,
    HostCutsLogBeforeCore, HostNamesEarlierState, HostComparesOtherIndexes, HostServesSetAside, HostIgnoresRemoval,

    // A node: between replica, disk and wires. The same goes for them
    NodeReportsDurableWhenTaken, NodeWelcomesOldBoot, NodeWelcomesOldState, NodeJudgesSecondLink,
    NodeJudgesRepairing,

    // Two builds in one cluster. Only the full world has them
    BuildRaisesForHalf, BuildAppliesByOwnLevel,

    // Correct, only different
    LegalHostAppliesOneSlice, LegalHostUnloadsEarly, LegalHostUnloadsBeforeDurable, LegalHostWaitsForLateAnswers,
    LegalHostTakesForwardsOfOtherTerms, LegalNodeForgetsRepair,
    LegalNeverVotesInSameTermTwice, LegalLongerElectionTimeout, LegalNoConflictHint, LegalBacktracksByHalves,
    LegalOneEntryPerAppend, LegalOneAppendAtATime, LegalRoundPerRead, LegalNoCommitNews, LegalAnswersAfterEverything,
    LegalSilentPreVoteRefusal, LegalChangeBeforeFirstCommit,
}

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
    RemovedLeaderStays, PromotesLaggingLearner, WipedMemberAccepted,

    // Reads
    ReadContextReused, AnyHeartbeatConfirmsReads, ReadJoinsRunningRound, ReadUnconfirmed, ReadBeforeFirstCommit, ReadQuorumCountsLearners,
    ReadQuorumIgnoresOutgoing, LeaseWithoutClockMargin, LeaseKeptInTransfer, LeaseBackAfterTransfer,

    // Transfer, snapshots, repair, slow disk
    TransferBeforeCaughtUp, ProposesDuringTransfer, SnapshotAnsweredBeforeDurable, RepairingMemberVotes,
    RepairingMemberLeads, RepairingMemberCounts, SlowDiskKeepsLeading,

    // The host of the core: replica and executor. Only the full world and tests of the replica can meet them
    HostReleasesBeforeDurable, HostReadsLocally, HostForgetsResult, HostGivesOtherResult, HostTellsUnknownAsNotDone,
    HostRepeatsUnnamedWrites, HostForgetsThatItMayBeDone, HostForwardsTwice, HostNumbersForwardsFromOne, HostBelievesPreVotes,
    HostServesHeldTooLate, HostServesHeldTwice, HostForgetsHeldAtShutdown, HostForwardsNeverEnd, HostTakesForwardsOfOtherTerms,
    HostStampsSharedBytes, HostAppliesAgainAfterRestart, HostReportsAppliedEarly, HostConfirmsAllReads,
    HostCutsLogBeforeCore, HostUnloadsBeforeDurable, HostForgetsCutLoads, HostAdoptsAnyRestored,
    HostSnapshotHasNewestMembers, HostNamesEarlierState, HostComparesOtherIndexes, HostServesSetAside, HostStaysAfterRemoval,

    // A node: between replica, disk and wires. The same goes for them
    NodeReportsDurableWhenTaken, NodeWelcomesOldBoot, NodeWelcomesOldState, NodeJudgesSecondLink,
    NodeJudgesRepairing,

    // Correct, only different
    LegalHostAppliesOneSlice, LegalHostUnloadsEarly, LegalHostWaitsForLateAnswers, LegalNodeForgetsRepair,
    LegalNeverVotesInSameTermTwice, LegalLongerElectionTimeout, LegalNoConflictHint, LegalBacktracksByHalves,
    LegalOneEntryPerAppend, LegalOneAppendAtATime, LegalRoundPerRead, LegalNoCommitNews, LegalAnswersAfterEverything,
    LegalSilentPreVoteRefusal, LegalChangeBeforeFirstCommit,
}

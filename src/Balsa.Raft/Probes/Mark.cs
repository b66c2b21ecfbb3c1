namespace Balsa.Raft.Probes;

/// <summary>
/// Rare and interesting places of the core. A simulation counts how often it was there; a mark that is never hit means
/// that the simulation does not test what its author thinks.
/// </summary>
public enum Mark
{
    PreVoteRefusedForLiveLeader, VoteRefusedForLiveLeader, VoteRefusedForLogBehind, VoteOfEarlierCampaignIgnored,
    ElectionLost, RemovedCandidateTold, SlowDiskKeepsFromStanding, SteppedDownWithoutQuorum, Resigned, LeaderLeft,
    SuffixTruncated, AppendBelowCommit, AppendPartlyKnown, AppendRefused, HeartbeatCommitBeyondLog,
    EarlierTermNotCounted, StaleRefusalIgnored, BackedUp, GapProbed, OldEntriesLoaded, PeerUnreachable,
    ProposalLeftUnknown, ProposalRefusedForQuota, StaleTermIgnored, StaleSessionIgnored, StaleBootIgnored,
    WrongIncarnationRefused, ConfigurationTakenBack, JointLeft, LearnerPromoted,
    LeaseRead, ReadWaitsForNextRound, FollowerReadAsked, FollowerReadsBecomeOwn, ReadRefusedOnStepDown,
    SnapshotOffered, SnapshotNotNeeded, SnapshotInstalled, SnapshotArrivedLate, SnapshotCaughtUp, SnapshotStalled,
    SnapshotRefused, TransferTaken, TransferGivenUp, TimeoutNowRefused, TenureEnds,
    SlowDiskHandsOver, SlowDiskStepsDown, AsideHandsOver, AsideStepsDown, PeerRepairs, PeerRepaired, RepairCompleted, FailStopped,
}

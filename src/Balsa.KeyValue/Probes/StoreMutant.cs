namespace Balsa.KeyValue.Probes;

/// <summary>
/// Mistakes that can be planted in the store, each one that somebody could make. `balsa sim store` and the tests must
/// catch every one; those whose name begins with Legal are no mistakes, and must not be flagged.
/// </summary>
public enum StoreMutant
{
    None = 0,

    // Revisions and records
    RevisionUsedAgain, DeleteOfNothingCounts, VersionNotRestarted, CreatedNotKept, PreviousOfWrongRevision, EmptyValueIsMissing,

    // Ranges
    LimitBeforeSort, CountIsOfPage, ByLengthOrder, FutureRevisionRead, CompactedRevisionRead, TombstoneVisible, FilterAfterLimit,

    // Transactions
    TxnAppliesHalf, TxnComparesSeeOperations, TxnChecksLate, DuplicateKeyAllowed, NestedBudgetForgotten, MissingValueUnequal,
    TxnRevisionEachOperation,

    // Compaction
    CompactionDropsNewest, CompactionForgetsTombstones, CompactionFreesPinned,

    // Leases
    LeaseNotDetached, KeptLeaseLost, ExpiredInOtherTerm, RevokeKeepsLastKey, RevokeOutOfOrder, LeaseShortened,

    // Sessions
    RequestRunsAgain, ExpiredSessionRuns, AnswerOfNewestRequest, LiveSessionEvicted,

    // Watches
    WatchGapAfterSync, WatchDoublesAfterSync, WatchSplitsRevision, WatchIgnoresCompaction, WatchFilterInverted, WatchRangeEndIncluded,

    // Snapshots and hashes
    SnapshotSeesLaterWrites, SnapshotForgetsLeases, SnapshotForgetsHistory, SnapshotForgetsSessions, ContentHashForgetsDelete,

    // Correct, only different
    LegalCompactionAtOnce, LegalPublishAfterEveryCommand, LegalSmallSlices,
}

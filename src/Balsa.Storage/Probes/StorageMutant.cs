namespace Balsa.Storage.Probes;

/// <summary>
/// Mistakes that can be planted in storage, each one that somebody once made. `balsa sim disk` and the tests must catch
/// every one; those whose name begins with Legal are no mistakes, and must not be flagged.
/// </summary>
public enum StorageMutant
{
    None = 0,

    // Writing the log
    AcknowledgedBeforeSync, SyncErrorIgnored, FailedSyncTriedAgain, FailedWriteTriedAgain, PartOfBatchAcknowledged,
    CloseBeforeSync, CloseClaimsTooMuch, CloseNeverWritten, DurableClaimedTooFar,

    // Changing segments
    HeadNotSynced, SegmentNameNotSynced, SpareNotZeroed, HardStateNotRepeated, FreedBeforeMarkIsDurable, FreedTooFar,

    // Reading the log
    HeaderChecksumIgnored, PayloadChecksumIgnored, LengthTrusted, SegmentSaltIgnored,
    PaddingIgnored, DamageTakenForTornEnd, TornEndTakenForDamage, CloseIgnored, DurableMarkIgnored,
    MissingSegmentIgnored, HardStateGuessed, RecoveringForgotten, UnprovenTrusted, ReadNotChecked, BootNotRaised,

    // Directory and identity
    IdentityNotSynced, IdentityWrittenFirst, IdentityChecksumIgnored, DirectoryNotSynced,

    // Snapshots
    SnapshotNotSynced, SnapshotNameNotSynced, SnapshotBlockUnchecked, SnapshotEndUnchecked, SnapshotNewestTrusted,
    SnapshotPrunedBeforeNewIsSafe, SnapshotResumedUnchecked, SnapshotOrderUnchecked,

    // The shelf of a running member. Only the full world can meet them
    ShelfPublishesBeforeLog, ShelfTellsArrivedTooEarly, ShelfTellsRestoredTooEarly,

    // Correct, only different
    LegalNewSegmentAtEveryStart, LegalCloseAfterEveryBatch,
    LegalSnapshotSyncedByBlock, LegalOneRecordPerBatch, LegalShelfForgetsTransfers,
}

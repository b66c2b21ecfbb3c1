namespace Balsa.Simulation.Stores.Drills;

/// <summary>What rounds must meet sooner or later, besides every error.</summary>
internal enum StoreSight : byte
{
    Command, Query, Event, Hash, Rebuilt, OlderView, WorkFinished, SnapshotRestored, SnapshotDropped,

    EarlierVersion, LogTimeBehind,

    PutPrevious, KeepValue, KeepLease, MustExist, EmptyValue, PutWithLease,

    DeletedNothing, DeletedMany, DeletedHundreds, DeletePrevious,

    TxnSucceeded, TxnFailed, TxnNestedTwice, LargeTxn,

    LeaseKeysDeleted, LeaseOver, LeaseRenewed, Checkpoint, AlarmTold, SessionClosed, AnswerRepeated, CompactedToNewest,

    More, ReadAtCompacted, ReadInThePast, Filtered, CountOnly, KeysOnly, LargeRange,

    /// <summary>The three after it follow the targets of a sort.</summary>
    SortByVersion, SortByCreated, SortByModified, SortByValue,

    WatchEvent, WatchCompacted, WatchFragment,

    Descending, SortAfterLimit, UnknownOrder,
}

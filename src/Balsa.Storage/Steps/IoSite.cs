namespace Balsa.Storage.Steps;

/// <summary>
/// Every place in the code that touches the disk, so that each can be made to fail on its own. What an error means at a
/// place is said once, in <see cref="FaultTable"/>.
/// </summary>
public enum IoSite : byte
{
    None = 0,

    // Opening a directory
    MakeDirectory, LockDirectory, SyncParent, ListDirectory, ReadIdentity,
    WriteIdentity, SyncIdentity, RenameIdentity, SyncIdentityName,
    OpenSegment, ReadSegment, SyncRecovered, SyncRecoveredNames, RenameDamaged, DeleteLeftover,

    // The live segment
    WriteBatch, SyncBatch, WriteClose, SyncClose,

    // From one segment to the next
    WriteHead, SyncHead, RenameSegment, SyncSegmentName,

    // Spare segments, in the background
    CreateSpare, ZeroSpare, SyncSpare, RenameSpare, SyncSpareName,

    // Segments that are no longer needed
    RenameFreed, DeleteFreed, SyncFreedName,

    // Reading entries back
    OpenEntries, ReadEntries,

    // Snapshots: making one
    CreateSnapshot, WriteSnapshot, SyncSnapshot, RenameSnapshot, SyncSnapshotName,

    // Snapshots: taking one in from another member
    OpenIncoming, ReadIncoming, WriteIncoming, SyncIncoming, RenameIncoming, SyncIncomingName,

    // Snapshots: reading and removing
    ListSnapshots, OpenSnapshot, ReadSnapshot, DeleteSnapshot, SyncPrunedNames,

    // Closing; nothing depends on it
    CloseFile,
}

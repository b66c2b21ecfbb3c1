namespace Balsa.Storage.Steps;

/// <summary>What a disk can be asked to do. Everything that storage does is a sequence of these.</summary>
public enum StepKind : byte
{
    /// <summary>Nothing to do: continue when there is news, or when the time is over.</summary>
    Wait = 0,

    /// <summary>Makes a directory; that it exists already is no error.</summary>
    MakeDirectory,

    /// <summary>The names in a directory, in no order.</summary>
    List,

    /// <summary>Opens a lock file, made if need be, and holds it against every other process until it is closed.</summary>
    Lock,

    /// <summary>Makes an empty file for reading and writing. One of that name is emptied.</summary>
    Create,

    /// <summary>Opens an existing file for reading and writing, and tells its length.</summary>
    Open,

    /// <summary>Opens an existing file for reading, and tells its length.</summary>
    OpenToRead,

    /// <summary>Writes all bytes at an offset. After an error any part of them may be written.</summary>
    Write,

    /// <summary>Reads at an offset until the buffer is full or the file ends.</summary>
    Read,

    /// <summary>What was written to the file, and its length, is on stable media.</summary>
    Sync,

    Close,

    /// <summary>Gives a file another name, in place of whatever had it.</summary>
    Rename,

    Delete,

    /// <summary>Names that were made, changed or deleted in the directory are on stable media.</summary>
    SyncDirectory,
}

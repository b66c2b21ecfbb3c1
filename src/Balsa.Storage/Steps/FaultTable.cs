namespace Balsa.Storage.Steps;

/// <summary>What becomes of the node when a step fails.</summary>
public enum Reaction : byte
{
    /// <summary>The node ends at once and acknowledges nothing more. Nothing is tried again.</summary>
    Stop = 1,

    /// <summary>The directory is not opened; the message says what to do.</summary>
    Refuse,

    /// <summary>Proposals are refused and the step is tried again later; reads, votes and what was accepted go on.</summary>
    BackPressure,

    /// <summary>This piece of work is given up and may be begun again; nothing else suffers.</summary>
    GiveUp,

    /// <summary>Noted; nothing depends on it.</summary>
    Ignore,
}

/// <summary>
/// The table of error and place, for a node that runs; while a directory is opened, any error refuses it. The short form:
/// what is live stops the node, what is only being prepared waits or is given up.
/// </summary>
public static class FaultTable
{
    public static Reaction Of(IoSite site, DiskError error) => site switch
    {
        >= IoSite.MakeDirectory and <= IoSite.DeleteLeftover => Reaction.Refuse,
        >= IoSite.WriteBatch and <= IoSite.SyncSegmentName => Reaction.Stop,
        // Room can come back. A device that failed once while zeros were written would fail for entries, too.
        >= IoSite.CreateSpare and <= IoSite.SyncSpareName => IsShortage(error) ? Reaction.BackPressure : Reaction.Stop,
        // The names of old segments decide what the next start reads.
        >= IoSite.RenameFreed and <= IoSite.SyncFreedName => Reaction.Stop,
        IoSite.OpenEntries or IoSite.ReadEntries => Reaction.Stop,
        >= IoSite.CreateSnapshot and <= IoSite.SyncPrunedNames => Reaction.GiveUp,
        _ => Reaction.Ignore,
    };

    /// <summary>Whether waiting may help.</summary>
    public static bool IsShortage(DiskError error) => error is DiskError.NoSpace or DiskError.TooManyFiles;
}

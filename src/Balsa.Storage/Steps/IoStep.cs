using Balsa.Raft;

namespace Balsa.Storage.Steps;

/// <summary>
/// One thing for a disk to do, and what came of it. A planner is an iterator that yields its one step again and again:
/// filled in before the yield, with the result in it after. So the whole of storage runs without a thread, a clock or a
/// file, and whoever drives it decides what time and disks are.
/// </summary>
/// <remarks>
/// After an error the planner must look at it, with <see cref="OrStop"/>, <see cref="OrRefuse"/> or <see cref="Error"/>:
/// asking for the next step without having done so breaks an invariant. No error can be overlooked.
/// </remarks>
public sealed class IoStep
{
    private bool _errorSeen = true;
    private DiskError _error;

    public StepKind Kind { get; private set; }

    public IoSite Site { get; private set; }

    /// <summary>For open files.</summary>
    public StoredFile? File { get; private set; }

    /// <summary>For names: what is listed, locked, made, renamed, deleted or synced.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The new name of a rename.</summary>
    public string Target { get; private set; } = "";

    public long Offset { get; private set; }

    /// <summary>What to write.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>Where to read into.</summary>
    public Memory<byte> Into { get; private set; }

    /// <summary>For how long to wait at most, in ticks of 100 ns; <see cref="Timeout.Infinite"/> for no limit.</summary>
    public long WaitTicks { get; private set; }

    /// <summary>Result: how many bytes were read, or the length of the opened file.</summary>
    public long Count { get; set; }

    /// <summary>Result of a list.</summary>
    public List<string> Names { get; } = [];

    /// <summary>Result of a wait: nothing happened until its end.</summary>
    public bool TimedOut { get; set; }

    /// <summary>What the operating system called the error.</summary>
    public int ErrorNumber { get; private set; }

    /// <summary>Result: what went wrong. Reading it counts as having looked.</summary>
    public DiskError Error
    {
        get
        {
            _errorSeen = true;
            return _error;
        }
    }

    public bool Failed => Error != DiskError.None;

    /// <summary>For the disk: the step could not be done.</summary>
    public void Fail(DiskError error, int number)
    {
        (_error, ErrorNumber) = (error, number);
        _errorSeen = error == DiskError.None;
    }

    public IoStep Wait(long ticks = Timeout.Infinite)
    {
        Begin(StepKind.Wait, IoSite.None);
        WaitTicks = ticks;
        return this;
    }

    public IoStep MakeDirectory(IoSite site, string path) => Begin(StepKind.MakeDirectory, site, path);

    public IoStep List(IoSite site, string path) => Begin(StepKind.List, site, path);

    public IoStep Delete(IoSite site, string path) => Begin(StepKind.Delete, site, path);

    public IoStep SyncDirectory(IoSite site, string path) => Begin(StepKind.SyncDirectory, site, path);

    public IoStep Rename(IoSite site, string path, string target)
    {
        Begin(StepKind.Rename, site, path);
        Target = target;
        return this;
    }

    public IoStep Lock(IoSite site, StoredFile file) => Begin(StepKind.Lock, site, file);

    public IoStep Create(IoSite site, StoredFile file) => Begin(StepKind.Create, site, file);

    public IoStep Open(IoSite site, StoredFile file) => Begin(StepKind.Open, site, file);

    public IoStep OpenToRead(IoSite site, StoredFile file) => Begin(StepKind.OpenToRead, site, file);

    public IoStep Sync(IoSite site, StoredFile file) => Begin(StepKind.Sync, site, file);

    public IoStep Close(StoredFile file) => Begin(StepKind.Close, IoSite.CloseFile, file);

    public IoStep Write(IoSite site, StoredFile file, long offset, ReadOnlyMemory<byte> bytes)
    {
        Begin(StepKind.Write, site, file);
        (Offset, Bytes) = (offset, bytes);
        return this;
    }

    public IoStep Read(IoSite site, StoredFile file, long offset, Memory<byte> into)
    {
        Begin(StepKind.Read, site, file);
        (Offset, Into) = (offset, into);
        return this;
    }

    /// <summary>An error here ends the node: it is never tried again.</summary>
    public void OrStop()
    {
        if (Failed) throw StorageException.OfStep(this);
    }

    /// <summary>An error here refuses the directory that is being opened.</summary>
    public void OrRefuse(string directory)
    {
        if (!Failed) return;
        throw new StorageException(
            $"{directory} cannot be opened: {this} failed with {_error} (error {ErrorNumber}). "
            + "Correct its owner, rights or medium, or choose another directory.");
    }

    /// <summary>Describes the step for a message: what was done to which file.</summary>
    public override string ToString() => Kind switch
    {
        StepKind.Write => $"writing {Bytes.Length} bytes at {Offset} of {Path}",
        StepKind.Read => $"reading {Into.Length} bytes at {Offset} of {Path}",
        StepKind.Rename => $"renaming {Path} to {Target}",
        StepKind.Sync => $"syncing {Path}",
        StepKind.SyncDirectory => $"syncing the directory {Path}",
        _ => $"{Kind} of {Path}",
    };

    private IoStep Begin(StepKind kind, IoSite site, StoredFile file)
    {
        Begin(kind, site, file.Path);
        File = file;
        return this;
    }

    private IoStep Begin(StepKind kind, IoSite site, string path = "")
    {
        Invariant.Check(_errorSeen);
        (Kind, Site, Path, Target, File) = (kind, site, path, "", null);
        (Offset, Bytes, Into, WaitTicks) = (0, default, default, 0);
        (Count, TimedOut, ErrorNumber, _error) = (0, false, 0, DiskError.None);
        if (kind == StepKind.List) Names.Clear();
        return this;
    }
}

using Balsa.Storage.Steps;

namespace Balsa.Storage.Disks;

/// <summary>The numbers of Linux for what can go wrong, and what each means for storage.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1;
    internal const int NotFound = 2;
    internal const int Interrupted = 4;
    internal const int Io = 5;
    internal const int NoSuchDevice = 6;
    internal const int BadDescriptor = 9;
    internal const int WouldBlock = 11;
    internal const int Denied = 13;
    internal const int Busy = 16;
    internal const int Exists = 17;
    internal const int DeviceGone = 19;
    internal const int NotADirectory = 20;
    internal const int Invalid = 22;
    internal const int TooManyInSystem = 23;
    internal const int TooManyHere = 24;
    internal const int ProgramRunning = 26;
    internal const int NoSpace = 28;
    internal const int ReadOnly = 30;
    internal const int NoData = 61;
    internal const int LinkCut = 67;
    internal const int BadChecksum = 74;
    internal const int IllegalBytes = 84;
    internal const int TimedOut = 110;
    internal const int Damaged = 117;
    internal const int RemoteIo = 121;
    internal const int OverQuota = 122;

    internal static DiskError Meaning(int number) => number switch
    {
        0 => DiskError.None,
        NoSpace or OverQuota => DiskError.NoSpace,
        ReadOnly => DiskError.ReadOnly,
        Denied or NotPermitted => DiskError.Denied,
        NotFound => DiskError.NotFound,
        TooManyHere or TooManyInSystem => DiskError.TooManyFiles,
        WouldBlock or Busy or ProgramRunning => DiskError.InUse,
        // The kernel has a number of its own for each way in which a device can fail; all of them mean the same to us.
        Io or NoSuchDevice or DeviceGone or NoData or LinkCut or BadChecksum or IllegalBytes or TimedOut or Damaged or RemoteIo
            => DiskError.Io,
        _ => DiskError.Other,
    };
}

using Balsa.Storage.Steps;

namespace Balsa.Storage.Disks;

/// <summary>What an exception of the runtime means for storage. On Windows the number is the one of Windows, otherwise errno.</summary>
internal static class PortableErrors
{
    private const uint FromWindows = 0x80070000;

    internal static void Fail(IoStep step, Exception problem)
    {
        // Of these the runtime keeps the number in the exception inside, if at all; their kind says enough.
        var error = problem switch
        {
            FileNotFoundException or DirectoryNotFoundException => DiskError.NotFound,
            UnauthorizedAccessException => DiskError.Denied,
            IOException => Meaning(problem.HResult),
            _ => DiskError.Other,
        };
        step.Fail(error, problem.HResult);
    }

    /// <param name="result">Of an <see cref="IOException"/>: on Windows the error in an envelope, elsewhere errno as it is.</param>
    internal static DiskError Meaning(int result) => (unchecked((uint)result) & 0xFFFF0000) != FromWindows
        ? result > 0 ? Errno.Meaning(result) : DiskError.Other
        : (result & 0xFFFF) switch
        {
            2 or 3 => DiskError.NotFound,
            4 => DiskError.TooManyFiles,
            5 => DiskError.Denied,
            19 => DiskError.ReadOnly,
            // Another opener, or another lock.
            32 or 33 => DiskError.InUse,
            // Full, full through a handle, quota.
            112 or 39 or 1295 => DiskError.NoSpace,
            // Checksum, seek, sector, write, read, failure in general, device, and the device gone.
            23 or 25 or 27 or 29 or 30 or 31 or 1117 or 55 or 1167 => DiskError.Io,
            _ => DiskError.Other,
        };
}

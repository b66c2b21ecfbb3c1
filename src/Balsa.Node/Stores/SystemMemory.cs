using System.Runtime.InteropServices;

namespace Balsa.Node.Stores;

/// <summary>
/// Gives the memory behind an array back to the system while the array stays: its pages come back, filled with zeros, when
/// somebody writes to them again. The collector would keep them for as long as the process lives.
/// </summary>
public static class SystemMemory
{
    private const int DontNeed = 4;

    /// <summary>Does nothing where the system does not offer it.</summary>
    public static void Discard(ulong[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!OperatingSystem.IsLinux()) return;
        var held = GCHandle.Alloc(content, GCHandleType.Pinned);
        try
        {
            // Whole pages inside the array; those at its ends hold other things, too.
            var page = (nuint)Environment.SystemPageSize;
            var begin = ((nuint)held.AddrOfPinnedObject() + page - 1) / page * page;
            var end = ((nuint)held.AddrOfPinnedObject() + (nuint)content.Length * sizeof(ulong)) / page * page;
            // An advice that is not taken costs memory and nothing else.
            if (end > begin) _ = Advise(begin, end - begin, DontNeed);
        }
        finally
        {
            held.Free();
        }
    }

    [DllImport("libc", EntryPoint = "madvise", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nuint address, nuint length, int advice);
}

using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Faults;

internal enum DiskFaultKind : byte
{
    /// <summary>The step fails, and some of it may have happened.</summary>
    Error,

    /// <summary>The step takes its time.</summary>
    Stall,

    /// <summary>A write is reported as done, can be read, is synced, and never reaches the medium.</summary>
    LostWrite,

    /// <summary>A write lands on the medium at another place; the right one keeps what it had.</summary>
    MisdirectedWrite,
}

/// <summary>One mishap to come: at the n-th step that fits.</summary>
internal sealed class DiskFault
{
    internal required DiskFaultKind Kind { get; init; }

    /// <summary><see cref="IoSite.None"/> for any.</summary>
    internal IoSite Site { get; init; }

    /// <summary>Counted from 1, among the steps that fit.</summary>
    internal long Nth { get; init; } = 1;

    /// <summary>And every one after it.</summary>
    internal bool IsLasting { get; init; }

    internal DiskError Error { get; init; }

    internal long Ticks { get; init; }

    /// <summary>How many steps have fitted so far.</summary>
    internal long Seen { get; private set; }

    internal int Hits { get; private set; }

    internal static DiskFault At(IoSite site, long nth, DiskError error) =>
        new() { Kind = DiskFaultKind.Error, Site = site, Nth = nth, Error = error };

    /// <summary>The n-th step of the disk, whatever it is.</summary>
    internal static DiskFault AtStep(long nth, DiskError error) => At(IoSite.None, nth, error);

    internal bool TryHit(StepKind kind, IoSite site)
    {
        if (Site != IoSite.None && Site != site) return false;
        if (Kind is DiskFaultKind.LostWrite or DiskFaultKind.MisdirectedWrite && kind != StepKind.Write) return false;
        Seen++;
        if (Seen < Nth || (Seen > Nth && !IsLasting)) return false;
        Hits++;
        return true;
    }
}

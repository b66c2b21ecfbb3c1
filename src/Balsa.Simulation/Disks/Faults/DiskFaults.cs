using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Faults;

/// <summary>What will go wrong with a disk, and what has: how often each place of the code came by and failed.</summary>
internal sealed class DiskFaults
{
    private static readonly int Sites = Enum.GetValues<IoSite>().Length;

    private readonly List<DiskFault> _planned = [];
    private readonly long[] _visits = new long[Sites], _failures = new long[Sites];

    /// <summary>How many bytes all files together may have.</summary>
    internal long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Mounted for reading only: nothing can be made, written, renamed or deleted.</summary>
    internal bool IsReadOnly { get; set; }

    /// <summary>While somebody only looks: no mishap happens, and nothing is counted.</summary>
    internal bool AreSuspended { get; set; }

    /// <summary>Something of the plan has happened, or one of the limits is set: what fails now has an excuse.</summary>
    internal bool HasHit
    {
        get
        {
            if (IsReadOnly || CapacityBytes != long.MaxValue) return true;
            foreach (var fault in _planned)
                if (fault.Hits > 0) return true;
            return false;
        }
    }

    internal long Visits(IoSite site) => _visits[(int)site];

    internal long Failures(IoSite site) => _failures[(int)site];

    internal void Plan(DiskFault fault) => _planned.Add(fault);

    /// <summary>Forgets the plan and the limits; what was counted stays.</summary>
    internal void Heal()
    {
        _planned.Clear();
        CapacityBytes = long.MaxValue;
        IsReadOnly = false;
    }

    internal void Reset()
    {
        Heal();
        AreSuspended = false;
        Array.Clear(_visits);
        Array.Clear(_failures);
    }

    /// <summary>What happens to this step, if anything. At most one mishap a step; all of the plan count it.</summary>
    internal DiskFault? Next(StepKind kind, IoSite site)
    {
        if (AreSuspended) return null;
        _visits[(int)site]++;
        DiskFault? hit = null;
        foreach (var fault in _planned)
            if (fault.TryHit(kind, site)) hit ??= fault;
        return hit;
    }

    internal void CountFailure(IoSite site) => _failures[(int)site]++;

    /// <summary>The number that Linux gives to the error.</summary>
    internal static int NumberOf(DiskError error) => error switch
    {
        DiskError.None => 0,
        DiskError.Io => 5,
        DiskError.NoSpace => 28,
        DiskError.ReadOnly => 30,
        DiskError.Denied => 13,
        DiskError.NotFound => 2,
        DiskError.TooManyFiles => 24,
        DiskError.InUse => 11,
        _ => 22,
    };
}

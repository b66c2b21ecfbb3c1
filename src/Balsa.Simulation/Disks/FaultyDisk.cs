using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Disks.Media;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks;

/// <summary>
/// A file system in memory that does with what was not synced whatever a real one might do: after a power cut any subset of
/// unsynced sectors, lengths and names survives. It fails, fills up, stalls and lies by plan. Deterministic, and cheap
/// enough for hundreds of thousands of rounds: <see cref="Reset"/> reuses its buffers.
/// </summary>
internal sealed class FaultyDisk : IDisk
{
    private readonly DiskSteps _steps;

    internal FaultyDisk(Dice? dice = null)
    {
        Dice = dice ?? new Dice(1);
        _steps = new DiskSteps(this);
    }

    /// <summary>For what a failing step leaves behind.</summary>
    internal Dice Dice { get; set; }

    internal DiskFaults Faults { get; } = new();

    internal NameTable Names { get; } = new();

    internal FileShelf Shelf { get; } = new();

    /// <summary>How many steps were executed.</summary>
    internal long Steps { get; private set; }

    /// <summary>How long the last step took, in ticks of virtual time.</summary>
    internal long Cost { get; private set; }

    /// <summary>Grows whenever the process dies, so that files opened before are closed.</summary>
    internal int Life { get; private set; }

    /// <summary>Files that are open now.</summary>
    internal int OpenFiles { get; set; }

    internal DiskFile? Locked { get; set; }

    /// <summary>All steps and their results in one number.</summary>
    internal ulong Trace { get; private set; }

    /// <summary>The first thing a planner did that makes no sense on any disk: a mistake in the planner.</summary>
    internal string? Misuse { get; private set; }

    /// <summary>Sees every step after it was done.</summary>
    internal Action<IoStep>? Watcher { get; set; }

    /// <summary>Nothing waits for a sync.</summary>
    internal bool IsCold => Names.IsCold && Shelf.IsCold;

    public void Execute(IoStep step)
    {
        Steps++;
        Cost = StepCosts.Of(step);
        var fault = Faults.Next(step.Kind, step.Site);
        if (fault is { Kind: DiskFaultKind.Stall }) Cost += fault.Ticks;
        var error = _steps.Do(step, fault);
        if (error != DiskError.None)
        {
            step.Fail(error, DiskFaults.NumberOf(error));
            Faults.CountFailure(step.Site);
        }
        Trace = Mixing.Mix(Trace, (ulong)step.Kind << 56 ^ (ulong)error << 48 ^ (ulong)step.Site << 40 ^ (ulong)step.Offset);
        Trace = Mixing.Mix(Trace, (ulong)(step.Bytes.Length + step.Count));
        Watcher?.Invoke(step);
    }

    /// <summary>A directory that exists durably before anything begins.</summary>
    internal void AddDirectory(string path) => Names.AddRoot(path);

    /// <summary>The process dies and the machine stays: what was written can still be read, and still is not durable.</summary>
    internal void Kill()
    {
        Life++;
        OpenFiles = 0;
        Locked = null;
    }

    /// <summary>The power is cut.</summary>
    internal void Crash(ISurvival survival)
    {
        Kill();
        foreach (var file in Shelf.Files) file.LoseUnsynced(survival);
        Names.LoseUnsynced(survival);
        Shelf.PutBackUnless(Names.Refers);
        // Only now: a write that went astray may have landed in a file that was looked at before.
        foreach (var file in Shelf.Files) file.DropCache();
    }

    /// <summary>How many outcomes a power cut now has; the limit when there are more.</summary>
    internal long CrashOutcomes(long limit)
    {
        var product = Names.Outcomes(limit);
        foreach (var file in Shelf.Files)
            if (product < limit) product *= file.Outcomes(limit);
        return Math.Min(product, limit);
    }

    /// <summary>What a reader of the path would see, or nothing when there is no such file.</summary>
    internal bool TryLook(string path, out ReadOnlySpan<byte> content)
    {
        var file = Names.Find(path);
        content = file is null ? default : file.Now;
        return file is not null;
    }

    /// <summary>Becomes what the other is, with everything that is not synced, but with no file open.</summary>
    internal void CopyFrom(FaultyDisk other)
    {
        Kill();
        Shelf.CopyFrom(other.Shelf);
        Names.CopyFrom(other.Names, Shelf.TwinOf);
        (Steps, Cost, Trace, Misuse) = (other.Steps, other.Cost, other.Trace, other.Misuse);
        _steps.Reset();
    }

    /// <summary>Empty, as new.</summary>
    internal void Reset()
    {
        Kill();
        Faults.Reset();
        Names.Clear();
        Shelf.Clear();
        _steps.Reset();
        (Steps, Cost, Trace, Misuse) = (0, 0, 0, null);
    }

    /// <summary>All names and contents, as read, in one number.</summary>
    internal ulong HashOfContent()
    {
        var hash = 0UL;
        foreach (var entry in Names.Now)
        {
            var one = Mixing.Mix(1, entry.File is null ? 0UL : (ulong)entry.File.Length + 1);
            foreach (var c in entry.Path) one = Mixing.Mix(one, c);
            if (entry.File is { } file)
                foreach (var b in file.Now) one = Mixing.Mix(one, b);
            // A sum, because the order of names means nothing.
            hash += one;
        }
        return hash;
    }

    internal DiskError Misused(IoStep step, string why)
    {
        Misuse ??= $"{step} at {step.Site}: {why}";
        return DiskError.Other;
    }
}

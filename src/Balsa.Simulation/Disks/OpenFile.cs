using Balsa.Simulation.Disks.Media;

namespace Balsa.Simulation.Disks;

/// <summary>What a planner's open file is to the disk. Those of a process that died are worth nothing.</summary>
internal sealed class OpenFile(DiskFile file, int life, bool isReadOnly, bool holdsLock)
{
    internal DiskFile File { get; } = file;

    /// <summary>The life of the process that opened it.</summary>
    internal int Life { get; } = life;

    internal bool IsReadOnly { get; } = isReadOnly;

    internal bool HoldsLock { get; } = holdsLock;
}

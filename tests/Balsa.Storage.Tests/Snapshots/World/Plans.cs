using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Snapshots.World;

/// <summary>Drives planners to their end, or to any step before it.</summary>
internal static class Plans
{
    private const int StepsMax = 100_000;

    public static void Run(this IEnumerable<IoStep> plan, MemoryDisk disk) => Assert.True(plan.Run(disk, StepsMax));

    /// <summary>False when it was stopped before it ended.</summary>
    public static bool Run(this IEnumerable<IoStep> plan, MemoryDisk disk, int steps)
    {
        using var each = plan.GetEnumerator();
        for (var i = 0; i < steps; i++)
        {
            if (!each.MoveNext()) return true;
            if (each.Current.Kind == StepKind.Wait) each.Current.TimedOut = true;
            else disk.Execute(each.Current);
        }
        return false;
    }
}

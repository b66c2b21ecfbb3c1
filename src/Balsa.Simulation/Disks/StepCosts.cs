using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks;

/// <summary>How long steps take in virtual time, about as on a good solid-state disk.</summary>
internal static class StepCosts
{
    private const long Microsecond = TimeSpan.TicksPerMicrosecond;

    internal static long Of(IoStep step) => step.Kind switch
    {
        StepKind.Sync or StepKind.SyncDirectory => 400 * Microsecond,
        StepKind.Write => 10 * Microsecond + step.Bytes.Length * Microsecond / 1024,
        StepKind.Read => 10 * Microsecond + step.Into.Length * Microsecond / 2048,
        StepKind.Wait => 0,
        _ => 20 * Microsecond,
    };
}

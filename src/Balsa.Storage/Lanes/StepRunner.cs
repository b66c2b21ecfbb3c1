using Balsa.Raft;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Lanes;

/// <summary>Drives a job that has an end and waits for nothing, such as opening a directory, on the thread of the caller.</summary>
public static class StepRunner
{
    public static void Run(IEnumerable<IoStep> job, IDisk disk)
    {
        foreach (var step in job)
        {
            // There is nobody who could wake it.
            Invariant.Check(step.Kind != StepKind.Wait);
            disk.Execute(step);
        }
    }
}

using Balsa.Raft.Recovery;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.FullWorld.Judges;

/// <summary>
/// What a start reads back is what had been made durable, and at most the beginning of what was still on its way. Damage that
/// the world did is found; damage that nobody did is not.
/// </summary>
internal sealed class StartJudge(FullRun world)
{
    /// <summary>False when the process must not begin to live with what it found.</summary>
    internal bool OnStart(FullNode node, DiskImage found)
    {
        var truth = node.Truth;
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} finds {found.HardState}, log to {found.Log.Last}, {found.Mode}");
        switch (node.Harm)
        {
            case Harm.None when found.Mode == RecoveryMode.Repairing && node.RepairIsFresh:
                // It had all of it again, and had not yet written that down.
                (node.Harm, truth.BeforeHarm) = (Harm.Damaged, CopyOf(truth.Durable));
                break;
            case Harm.None:
                node.RepairIsFresh = false;
                if (found.Mode != RecoveryMode.Intact)
                    world.Verdicts.Report("no false alarm", $"{node.Id} starts {found.Mode}, and nothing was damaged");
                else if (!truth.Explains(found))
                    world.Verdicts.Report("durable is kept", $"{node.Id} finds {Describe(found)} where {Describe(truth)}");
                if (found.Term < node.PromisedTerm)
                    world.Verdicts.Report(
                        "nothing goes back", $"{node.Id} starts in term {found.Term} after it had spoken in term {node.PromisedTerm}");
                break;
            case Harm.Damaged: OnDamaged(node, found); break;
            case Harm.TermLost when found.Mode != RecoveryMode.NeverCounts:
                world.Verdicts.Report("lost terms stay lost", $"{node.Id} starts {found.Mode} after it had lost its term");
                break;
            default: break;
        }

        if (world.Verdicts.First is not null || node.State == NodeState.Gone) return false;
        truth.Adopt(found);
        return true;
    }

    /// <summary>Damage to what no close had covered yet may pass for a torn end: then this directory is lost to the cluster.</summary>
    private void OnDamaged(FullNode node, DiskImage found)
    {
        if (found.Mode == RecoveryMode.Repairing) return;
        if (found.Mode == RecoveryMode.NeverCounts)
        {
            node.Harm = Harm.TermLost;
            world.Faults.Hit(FaultKind.TermLost);
            world.Newcomers.ReplaceLater(node);
            return;
        }

        if (found.Mode == RecoveryMode.Intact && node.Truth.Explains(found))
        {
            (node.Harm, node.Truth.BeforeHarm) = (Harm.None, null);
            return;
        }

        world.Lifecycle.Bury(node);
    }

    internal static LogImage CopyOf(DiskImage image)
    {
        var copy = new LogImage(image.Log.BoundaryConfiguration);
        copy.CopyFrom(image.Log);
        return copy;
    }

    private static string Describe(DiskImage image) => $"{image.HardState}, boot {image.Boots}, log to {image.Log.Last}";

    private static string Describe(DirectoryTruth truth) =>
        $"{Describe(truth.Durable)} was durable and {truth.Pending} more operations were on their way to {truth.Written.Last}";
}

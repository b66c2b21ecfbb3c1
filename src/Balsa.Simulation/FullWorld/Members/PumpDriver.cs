using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Inputs;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>
/// Gives replicas the same turns as the pump of a node does, in the time of the world. A turn comes a little after its reason,
/// so that more reasons can gather.
/// </summary>
internal sealed class PumpDriver(FullRun world, Dice dice)
{
    private const int InboxMax = 8192;
    private const long WorkTicks = 2_000, WakeTicks = 400;

    /// <summary>From the network and from callers. False when the inbox is full: a loss like any other.</summary>
    internal bool Post(FullNode node, ReplicaInput input)
    {
        var process = node.Process!;
        if (process.Inbox.Count >= InboxMax) return false;
        process.Inbox.Add(input);
        Nudge(node);
        return true;
    }

    internal void Nudge(FullNode node) => TurnAt(node, world.Now + (node.TurnCost > 0 ? node.TurnCost : dice.Below(WakeTicks)));

    internal void OnTimer(FullNode node, long scheduled)
    {
        var pump = node.Process!.Pump;
        if (pump.Alarm.At != scheduled) return;
        pump.Alarm.Clear();
        TurnAt(node, world.Now);
    }

    internal void OnTurn(FullNode node, long scheduled)
    {
        var process = node.Process!;
        if (process.Pump.TurnAt != scheduled || !node.IsServing) return;
        if (node.PausedUntil > world.Now) return;
        process.Pump.TurnAt = long.MaxValue;
        if (!Try(node, machine => machine.TakeTurn(process.Inbox, process.Clock.At(world.Now)))) return;
        world.Judges.AfterTurn(node);
        if (process.Machine!.HasStopped || process.Machine.WasRemoved) world.Lifecycle.OnStoppedItself(node);
        else Arm(node);
    }

    /// <summary>Schedules the next look at the clock, unless one comes early enough.</summary>
    internal void Arm(FullNode node)
    {
        var process = node.Process!;
        var machine = process.Machine!;
        if (machine.HasWork) TurnAt(node, world.Now + WorkTicks);
        var due = Math.Max(world.Now, process.Clock.WhenItShows(machine.WakeAt));
        if (process.Pump.Alarm.TrySet(due, world.Now)) world.Queue.Add(due, EventKind.PumpTimer, node.Slot, node.Life);
    }

    /// <summary>Everything the code of a member may throw, and what it means.</summary>
    internal bool Try(FullNode node, Action<ReplicaMachine> step)
    {
        try
        {
            step(node.Machine!);
            return true;
        }
        catch (InvariantBrokenException broken)
        {
            world.Verdicts.Report($"invariant: {broken.Rule}", $"in {node.Id}: {broken.StackTrace}");
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or IndexOutOfRangeException
            or NullReferenceException or OverflowException or UnreadableLogException or UnusableEntryException)
        {
            world.Verdicts.Report($"invariant: {failure.Message}", $"in {node.Id}: {failure}");
        }

        return false;
    }

    private void TurnAt(FullNode node, long at)
    {
        var pump = node.Process!.Pump;
        if (pump.TurnAt <= at) return;
        pump.TurnAt = at;
        world.Queue.Add(at, EventKind.Turn, node.Slot, node.Life);
    }
}

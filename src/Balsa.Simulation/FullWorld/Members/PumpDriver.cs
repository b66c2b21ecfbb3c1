using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Inputs;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>
/// Drives replicas as the pump of a node does: a batch of inputs a turn, then the news of the disk, then time, then all that
/// follows. A turn comes a little after its reason, so that more reasons can gather.
/// </summary>
internal sealed class PumpDriver(FullRun world, Dice dice)
{
    private const int InboxMax = 8192;
    private const long WorkTicks = 2_000, WakeTicks = 400;
    private static readonly long GraceTicks = TimeSpan.FromMilliseconds(20).Ticks;

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

    /// <summary>As a pump that has ended: what it never took was certainly not done.</summary>
    internal static void RefuseWaiting(FullNode node)
    {
        var answer = new ReplicaAnswer(Outcome.NotDone(Reason.Stopped), default, default, null);
        foreach (var input in node.Process!.Inbox)
        {
            if (input is ProposeCommand propose) propose.Caller.TrySetResult(answer);
            else if (input is RunQuery read) read.Caller.TrySetResult(answer);
        }

        node.Process.Inbox.Clear();
    }

    internal void OnTimer(FullNode node, long scheduled)
    {
        var pump = node.Process!.Pump;
        if (pump.TimerAt != scheduled) return;
        pump.TimerAt = long.MaxValue;
        TurnAt(node, world.Now);
    }

    internal void OnTurn(FullNode node, long scheduled)
    {
        var process = node.Process!;
        if (process.Pump.TurnAt != scheduled || !node.IsServing) return;
        if (node.PausedUntil > world.Now) return;
        process.Pump.TurnAt = long.MaxValue;
        if (!Try(node, process)) return;
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
        var wakeAt = Math.Max(machine.NextDeadline, process.Pump.GraceUntil);
        var due = Math.Max(world.Now, process.Clock.WhenItShows(wakeAt));
        if (process.Pump.TimerAt <= due) return;
        process.Pump.TimerAt = due;
        world.Queue.Add(due, EventKind.PumpTimer, node.Slot, node.Life);
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

    private bool Try(FullNode node, Process process) => Try(node, machine => TakeBatch(process, machine));

    private void TakeBatch(Process process, ReplicaMachine machine)
    {
        var now = process.Clock.At(world.Now);
        machine.SetClock(now);
        foreach (var input in process.Inbox) machine.Handle(input);
        process.Inbox.Clear();
        var pump = process.Pump;
        if (pump.Durable > pump.DurableTold) machine.OnDurable(pump.DurableTold = pump.Durable);
        if (!IsGrace(process, machine, now)) machine.AdvanceTo(now);
        machine.Flush();
    }

    /// <summary>As the pump: after a pause of ours the messages that waited come first.</summary>
    private bool IsGrace(Process process, ReplicaMachine machine, long now)
    {
        var pump = process.Pump;
        if (now < pump.GraceUntil) return true;
        if (now - machine.NextDeadline < world.Options.Raft.HeartbeatInterval.Ticks || pump.GraceUntil != 0)
        {
            pump.GraceUntil = 0;
            return false;
        }

        pump.GraceUntil = now + GraceTicks;
        return true;
    }

    private void TurnAt(FullNode node, long at)
    {
        var pump = node.Process!.Pump;
        if (pump.TurnAt <= at) return;
        pump.TurnAt = at;
        world.Queue.Add(at, EventKind.Turn, node.Slot, node.Life);
    }
}

using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Simulation.Network;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;

using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Nodes;

/// <summary>Hands events to nodes as a host would: one at a time, the clock first, the effects afterwards.</summary>
internal sealed class NodeDriver(World world, Dice dice)
{
    internal void OnEvent(SimulatedNode node, in SimulatedEvent e)
    {
        if (!node.IsUp || (e.Life != 0 && e.Life != node.Life))
        {
            if (e.Subject is Envelope lost) world.Network.Release(lost);
            return;
        }
        if (node.PausedUntil > world.Now)
        {
            node.Waiting.Add(e);
            return;
        }
        if (node.BusyUntil > world.Now)
        {
            world.Queue.AddAgain(e, node.BusyUntil);
            return;
        }
        if (node.StepCost > 0) node.BusyUntil = world.Now + node.StepCost;
        Work(node, e);
    }

    /// <summary>What waited is handed in first, with the new time; only then may timers act on how late it is.</summary>
    internal void OnResume(SimulatedNode node)
    {
        if (!node.IsUp || node.PausedUntil == 0 || node.PausedUntil > world.Now) return;
        node.PausedUntil = 0;
        var life = node.Life;
        var waiting = node.Waiting.ToArray();
        node.Waiting.Clear();
        foreach (ref readonly var e in waiting.AsSpan())
            if (e.Kind != EventKind.Timer) OnEvent(node, e);
        node.TimerAt = long.MaxValue;
        if (node.IsUp && node.Life == life) Arm(node);
    }

    /// <summary>Schedules the next look at the clock, unless one comes early enough.</summary>
    internal void Arm(SimulatedNode node)
    {
        var due = Math.Max(world.Now, node.Clock.WhenItShows(node.Machine!.NextDeadline));
        if (node.TimerAt <= due) return;
        node.TimerAt = due;
        world.Queue.Add(due, EventKind.Timer, node.Slot, node.Life, (ulong)due);
    }

    private void Work(SimulatedNode node, in SimulatedEvent e)
    {
        var machine = node.Machine!;
        try
        {
            machine.SetClock(node.Clock.At(world.Now));
            if (!HandIn(node, machine, e)) return;
            if (e.Kind is EventKind.Deliver or EventKind.Ask && dice.Chance(world.Options.DeferPermille))
            {
                Defer(node);
                return;
            }
            node.DrainIsDue = false;
            machine.Run();
        }
        catch (CrashException)
        {
            world.Faults.Hit(Faults.FaultKind.CrashInRun);
            world.Oracles.AfterCrash(node, machine);
            world.Lifecycle.CrashAndRestart(node, world.Lifecycle.Pause());
            return;
        }
        catch (InvariantBrokenException broken)
        {
            world.Verdicts.Report($"invariant: {broken.Rule}", $"in {node.Id}");
            return;
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or IndexOutOfRangeException
            or NullReferenceException or OverflowException or Balsa.Raft.Recovery.UnreadableLogException)
        {
            world.Verdicts.Report($"invariant: {failure.Message}", $"in {node.Id}: {failure}");
            return;
        }
        AfterStep(node, machine, e);
    }

    private void AfterStep(SimulatedNode node, Machine machine, in SimulatedEvent e)
    {
        world.Oracles.AfterStep(node, machine);
        if (e.Subject is Envelope { Message.Kind: MessageKind.AppendResponse } answer)
            world.Oracles.Matches.OnAnswer(node, machine, world.Nodes[answer.FromSlot]);
        if (node.Memory.ToldRemoved) world.Lifecycle.Bury(node);
        else if (machine.HasStopped) world.Lifecycle.OnStoppedItself(node);
        else Arm(node);
    }

    private void Defer(SimulatedNode node)
    {
        if (!node.DrainIsDue) world.Queue.Add(world.Now + dice.Below(20_000), EventKind.Drain, node.Slot, node.Life);
        node.DrainIsDue = true;
    }

    private bool HandIn(SimulatedNode node, Machine machine, in SimulatedEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.Deliver: return world.Post.Deliver(node, machine, (Envelope)e.Subject!);
            case EventKind.Timer: return OnTimer(node, machine, (long)e.A);
            case EventKind.Synced: OnSynced(machine, e.A); return true;
            case EventKind.Applied: OnApplied(node, machine, new LogIndex(e.A)); return true;
            case EventKind.Loaded: OnLoaded(node, machine, e); return true;
            case EventKind.SnapshotTaken: world.Streams.OnTaken(node, machine, (SnapshotRecord)e.Subject!); return true;
            case EventKind.SnapshotArrived: return world.Streams.OnArrived(node, machine, (SnapshotRecord)e.Subject!);
            case EventKind.SnapshotRefused: machine.OnSnapshotRefused(new EntryId(new Term(e.A), new LogIndex(e.B))); return true;
            case EventKind.SnapshotProgress:
                machine.OnSnapshotTransfer(new MemberId(e.A), new LogIndex(e.B >> 1), (e.B & 1) != 0);
                return true;
            case EventKind.Operate: ((Action<SimulatedNode, Machine>)e.Subject!)(node, machine); return true;
            case EventKind.Ask: world.Clients.OnArrived(node, machine, e.A != 0, e.B); return true;
            default: return node.DrainIsDue;
        }
    }

    private bool OnTimer(SimulatedNode node, Machine machine, long scheduled)
    {
        // An earlier one was scheduled meanwhile; that one counts.
        if (node.TimerAt != scheduled) return false;
        node.TimerAt = long.MaxValue;
        machine.AdvanceTo(node.Clock.At(world.Now));
        return true;
    }

    private static void OnSynced(Machine machine, ulong upTo)
    {
        if (upTo == 0) machine.OnStorageFault(StopReason.SyncFailed); else machine.OnDurable(new IoSeq(upTo));
    }

    private void OnApplied(SimulatedNode node, Machine machine, LogIndex index)
    {
        machine.OnApplied(index);
        world.Streams.ConsiderSnapshot(node, machine);
    }

    /// <summary>How far the sizes reach: at least one entry, whatever it holds.</summary>
    private static void OnLoaded(SimulatedNode node, Machine machine, in SimulatedEvent e)
    {
        var (first, asked) = (new LogIndex(e.A), new LogIndex(e.B & 0xFFFF_FFFF_FFFF));
        var (last, bytes) = (first, node.Log.Has(first) ? node.Log[first].Entry.Length : 0UL);
        while (last < asked && node.Log.Has(last.Next) && bytes + node.Log[last.Next].Entry.Length <= 1_000)
        {
            last = last.Next;
            bytes += node.Log[last].Entry.Length;
        }
        machine.OnEntriesLoaded(new MemberId(e.B >> 48), first, last, bytes);
    }
}

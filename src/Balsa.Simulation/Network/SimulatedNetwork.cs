using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Network;

/// <summary>
/// Loses, delays, repeats and reorders messages. A replay comes back seconds later, when sender and receiver may have had
/// new terms, new boots or another membership.
/// </summary>
internal sealed class SimulatedNetwork(World world, Dice dice)
{
    private readonly Stack<Envelope> _free = new();

    internal Links Links { get; } = new();

    internal long Sent { get; private set; }

    /// <summary>The newest term in which a leader told somebody to campaign.</summary>
    internal Term HandOverTerm { get; private set; }

    /// <summary>The next "campaign now" arrives so much later; 0 for no delay of its own.</summary>
    internal long HoldTimeoutNow { get; set; }

    internal void Send(SimulatedNode from, in Message message, LogIndex first, LogIndex last)
    {
        Sent++;
        if (message.Kind == MessageKind.TimeoutNow && message.Term > HandOverTerm) HandOverTerm = message.Term;
        var to = (int)message.To.Value - 1;
        if (to >= world.Nodes.Count || world.Nodes[to].State == NodeState.NotStarted) return;
        if (Links.IsCut(from.Slot, to)) return;
        var options = world.Options;
        if (!world.Timing.IsCalm && dice.Chance(options.LossPermille))
        {
            world.Faults.Hit(FaultKind.Loss);
            return;
        }
        var envelope = _free.TryPop(out var free) ? free : new Envelope();
        var origin = new Origin(default, from.Id, from.Incarnation, new Boot(from.Boot), options.Raft.FeatureLevel);
        envelope.Fill(origin, message, from.Slot, to);
        for (var index = first; index <= last; index = index.Next)
        {
            ref readonly var stored = ref from.Log[index];
            envelope.Add(stored.Entry, stored.Configuration);
        }
        var arrival = ArrivalOf(from.Slot, to);
        if (message.Kind == MessageKind.TimeoutNow && HoldTimeoutNow > 0)
        {
            arrival += HoldTimeoutNow;
            HoldTimeoutNow = 0;
        }
        Deliver(envelope, arrival);
        if (world.Timing.IsCalm) return;
        if (dice.Chance(options.DuplicatePermille))
        {
            world.Faults.Hit(FaultKind.Duplicate);
            Deliver(envelope, world.Now + world.Timing.Latency() * dice.Between(1, 20));
        }
        if (dice.Chance(ReplayPermille(message.Kind)))
        {
            world.Faults.Hit(FaultKind.Replay);
            Deliver(envelope, world.Now + dice.Between(200L, 30_000) * TimeSpan.TicksPerMillisecond);
        }
    }

    /// <summary>Late acknowledgements are where memberships and terms are mixed up, so they come back more often.</summary>
    private int ReplayPermille(MessageKind kind)
    {
        var usual = world.Options.ReplayPermille;
        if (kind != MessageKind.AppendResponse) return usual;
        return world.Options.Has(FaultKind.ReAdd) ? Math.Max(60, usual) : 2 * usual;
    }

    internal void Release(Envelope envelope)
    {
        if (--envelope.Copies == 0) _free.Push(envelope);
    }

    private void Deliver(Envelope envelope, long at)
    {
        envelope.Copies++;
        world.Queue.Add(at, EventKind.Deliver, envelope.ToSlot, 0, (ulong)envelope.FromSlot, 0, envelope);
    }

    /// <summary>In order on each link, as on one connection, unless this message takes another way.</summary>
    private long ArrivalOf(int from, int to)
    {
        var at = world.Now + world.Timing.Latency() + world.Timing.Tail();
        var clogged = Links.CloggedUntil(from, to);
        if (clogged > world.Now) return clogged + dice.Below(TimeSpan.TicksPerMillisecond);
        if (!world.Timing.IsCalm && dice.Chance(world.Options.ReorderPermille))
        {
            world.Faults.Hit(FaultKind.Reorder);
            return at + dice.Below(20 * world.Options.LatencyTicks);
        }
        ref var last = ref Links.LastArrival(from, to);
        // A tail delays one message, not the whole connection: otherwise one draw of 30 s would be a partition.
        if (at - world.Now > 10 * TimeSpan.TicksPerMillisecond + 40 * world.Options.LatencyTicks) return at;
        return last = Math.Max(at, last + 1);
    }
}

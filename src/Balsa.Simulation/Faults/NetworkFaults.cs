using Balsa.Raft.Identity;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Faults;

/// <summary>Cuts and clogs links in the shapes that have broken other systems.</summary>
internal sealed class NetworkFaults(World world)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    internal bool Inject(FaultKind kind, Dice dice)
    {
        var count = world.Nodes.Count;
        if (count < 2) return false;
        var until = world.Now + (dice.Chance(150) ? dice.Between(5_000L, 30_000) : dice.Between(100L, 5_000)) * Millisecond;
        var cuts = new List<(int From, int To)>();
        switch (kind)
        {
            case FaultKind.PartitionHalves: Halves(cuts, dice, bridge: -1); break;
            case FaultKind.Bridge: Halves(cuts, dice, bridge: dice.Below(count)); break;
            case FaultKind.IsolateOne: Isolate(cuts, dice.Below(count), dice); break;
            case FaultKind.IsolateLeader:
                if (world.FindLeader() is not { } leader) return false;
                Isolate(cuts, leader.Slot, dice);
                break;
            case FaultKind.Ring: Ring(cuts); break;
            case FaultKind.OneWay: OneWay(cuts, dice); break;
            case FaultKind.Clog: return Clog(dice, until);
            case FaultKind.SwizzleClog: return Swizzle(dice);
            default: return TellUnreachable(dice);
        }
        foreach (var (from, to) in cuts) world.Network.Links.Cut(from, to);
        if (cuts.Count > 0) world.Queue.Add(until, EventKind.LinksHeal, 0, 0, 0, 0, cuts);
        return cuts.Count > 0;
    }

    /// <summary>Two sides, and at most one node that sees both.</summary>
    private void Halves(List<(int, int)> cuts, Dice dice, int bridge)
    {
        var sides = dice.Next();
        for (var a = 0; a < world.Nodes.Count; a++)
            for (var b = 0; b < world.Nodes.Count; b++)
                if (a != bridge && b != bridge && (sides >> a & 1) != (sides >> b & 1)) cuts.Add((a, b));
    }

    private void Isolate(List<(int, int)> cuts, int slot, Dice dice)
    {
        // Sometimes it still hears, or is still heard.
        var direction = dice.Below(4);
        for (var other = 0; other < world.Nodes.Count; other++)
        {
            if (other == slot) continue;
            if (direction != 1) cuts.Add((slot, other));
            if (direction != 2) cuts.Add((other, slot));
        }
    }

    /// <summary>Everyone reaches the two beside it, and each majority is another one.</summary>
    private void Ring(List<(int, int)> cuts)
    {
        var count = world.Nodes.Count;
        for (var a = 0; a < count; a++)
            for (var b = 0; b < count; b++)
                if (a != b && (a + 1) % count != b && (b + 1) % count != a) cuts.Add((a, b));
    }

    private void OneWay(List<(int, int)> cuts, Dice dice)
    {
        for (var a = 0; a < world.Nodes.Count; a++)
            for (var b = 0; b < world.Nodes.Count; b++)
                if (a != b && dice.Chance(250)) cuts.Add((a, b));
    }

    private bool Clog(Dice dice, long until)
    {
        for (var a = 0; a < world.Nodes.Count; a++)
            for (var b = 0; b < world.Nodes.Count; b++)
                if (a != b && dice.Chance(300)) world.Network.Links.Clog(a, b, until);
        return true;
    }

    /// <summary>Some nodes are clogged one after the other and come free one after the other, in another order.</summary>
    private bool Swizzle(Dice dice)
    {
        for (var slot = 0; slot < world.Nodes.Count; slot++)
        {
            if (!dice.Chance(600)) continue;
            var until = world.Now + dice.Between(100L, 8_000) * Millisecond;
            for (var other = 0; other < world.Nodes.Count; other++)
            {
                world.Network.Links.Clog(slot, other, until);
                world.Network.Links.Clog(other, slot, until);
            }
        }
        return true;
    }

    private bool TellUnreachable(Dice dice)
    {
        if (world.FindLeader() is not { } leader) return false;
        var peer = world.Nodes[dice.Below(world.Nodes.Count)].Id;
        Action<SimulatedNode, Machine> tell = (_, machine) => machine.OnPeerUnreachable(peer);
        world.Queue.Add(world.Now, EventKind.Operate, leader.Slot, leader.Life, 0, 0, tell);
        return true;
    }
}

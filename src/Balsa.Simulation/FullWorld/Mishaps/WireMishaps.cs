using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Transport.Codec;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Cuts, clogs and resets connections in the shapes that have broken other systems, and lets strangers call.</summary>
internal sealed class WireMishaps(FullRun world)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    private int Count => world.Nodes.Count;

    internal bool Inject(FaultKind kind, Dice draw)
    {
        if (kind == FaultKind.ForeignBytes) return LetStrangerCall(draw);
        if (Count < 2) return false;
        var until = world.Now + (draw.Chance(100) ? draw.Between(5_000L, 15_000) : draw.Between(100L, 4_000)) * Millisecond;
        switch (kind)
        {
            case FaultKind.Clog: return Clog(draw, until);
            case FaultKind.SwizzleClog: return Swizzle(draw);
            case FaultKind.Unreachable: return Reset(draw);
            default: return Cut(CutsOf(kind, draw), until);
        }
    }

    private List<(int From, int To)> CutsOf(FaultKind kind, Dice draw)
    {
        var cuts = new List<(int From, int To)>();
        var bridge = kind == FaultKind.Bridge ? draw.Below(Count) : -1;
        var one = kind == FaultKind.IsolateLeader ? world.FindLeader()?.Slot ?? -1 : draw.Below(Count);
        var (sides, direction) = (draw.Next(), draw.Below(4));
        for (var a = 0; a < Count; a++)
        {
            for (var b = 0; b < Count; b++)
            {
                var isCut = kind switch
                {
                    // Two sides, and at most one node that sees both.
                    FaultKind.PartitionHalves or FaultKind.Bridge => a != bridge && b != bridge && (sides >> a & 1) != (sides >> b & 1),
                    // Sometimes it still hears, or is still heard.
                    FaultKind.IsolateOne or FaultKind.IsolateLeader => (a == one && direction != 1) || (b == one && direction != 2),
                    // Everyone reaches the two beside it, and each majority is another one.
                    FaultKind.Ring => (a + 1) % Count != b && (b + 1) % Count != a,
                    _ => draw.Chance(250),
                };
                if (a != b && isCut) cuts.Add((a, b));
            }
        }

        return cuts;
    }

    internal bool Cut(List<(int From, int To)> cuts, long until)
    {
        foreach (var (from, to) in cuts) world.Wires.Links.Cut(from, to);
        if (cuts.Count > 0) world.Queue.Add(until, EventKind.Mishap, 0, 0, 0, 0, (Action)(() => Mend(cuts)));
        return cuts.Count > 0;
    }

    private void Mend(List<(int From, int To)> cuts)
    {
        // In the last phase everything is mended already.
        if (world.IsCalm) return;
        foreach (var (from, to) in cuts) world.Wires.Links.Mend(from, to);
    }

    private bool Clog(Dice draw, long until)
    {
        for (var a = 0; a < Count; a++)
            for (var b = 0; b < Count; b++)
                if (a != b && draw.Chance(300)) world.Wires.Links.Clog(a, b, until);
        return true;
    }

    /// <summary>Some nodes are clogged and come free one after the other, in another order.</summary>
    private bool Swizzle(Dice draw)
    {
        for (var slot = 0; slot < Count; slot++)
        {
            if (!draw.Chance(600)) continue;
            var until = world.Now + draw.Between(100L, 6_000) * Millisecond;
            for (var other = 0; other < Count; other++)
            {
                world.Wires.Links.Clog(slot, other, until);
                world.Wires.Links.Clog(other, slot, until);
            }
        }

        return true;
    }

    /// <summary>Connections break under both ends.</summary>
    private bool Reset(Dice draw)
    {
        var hit = false;
        foreach (var from in world.Nodes)
        {
            foreach (var to in world.Nodes)
            {
                var wire = world.Wires.Between(from.Slot, to.Slot, draw.Chance(300) ? LinkPurpose.Bulk : LinkPurpose.Consensus);
                if (from == to || !wire.IsUp || !draw.Chance(400)) continue;
                to.Process?.Gateway?.Callers.Remove((from.Slot, wire.Link));
                world.Wires.HangUp(wire, wire.Connection);
                hit = true;
            }
        }

        return hit;
    }

    private bool LetStrangerCall(Dice draw)
    {
        var node = world.Nodes[draw.Below(Count)];
        if (!node.IsServing || node.PausedUntil > world.Now) return false;
        var other = world.Nodes[draw.Below(Count)];
        var origin = new Origin(default, other.Id, other.Incarnation, new Boot(draw.Next() >> 32), 1);
        var cluster = FullOptions.Cluster ^ (draw.Chance(700) ? 1UL << draw.Below(60) : 0);
        var to = cluster == FullOptions.Cluster ? new MemberId(99) : node.Id;
        byte[] hello =
        [
            .. HelloCodec.Preamble, .. HelloCodec.Write(new PeerHello(cluster, to, new Hello(origin, new Term(draw.Next()), default))),
        ];
        if (draw.Chance(300)) hello = "GET / HTTP/1.1\r\nHost: balsa\r\n\r\n"u8.ToArray();
        else if (draw.Chance(300)) hello = hello[..draw.Below(hello.Length)];
        world.Wires.Dialling.OnStranger(node, hello);
        return true;
    }
}

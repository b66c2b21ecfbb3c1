using Balsa.Raft.Identity;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Transport.Codec;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>Connections: dialled again and again with growing pauses, opened with a hello, and refused for cause.</summary>
internal sealed class WireDialling(FullRun world, WireRoom room, Dice dice)
{
    private const long BackoffMin = 10 * TimeSpan.TicksPerMillisecond, BackoffMax = 400 * TimeSpan.TicksPerMillisecond;

    private ulong _connections;

    internal void Dial(FullNode from, int to, long after)
    {
        var wire = room.Between(from.Slot, to);
        if (wire.Connection != 0 || wire.DialIsDue) return;
        wire.DialIsDue = true;
        world.Queue.Add(world.Now + after + dice.Below(20_000), EventKind.Dial, from.Slot, from.Life, (ulong)to);
    }

    internal void OnDial(FullNode from, in SimulatedEvent e)
    {
        var to = (int)e.A;
        var wire = room.Between(from.Slot, to);
        if (e.Life != from.Life || !from.IsServing || !wire.DialIsDue) return;
        wire.DialIsDue = false;
        if (!from.Process!.Gateway!.Reaches(world.Nodes[to].Id)) return;
        if (from.PausedUntil > world.Now || IsOutOfReach(from.Slot, to))
        {
            Later(from, to, wire);
            return;
        }

        wire.Connection = ++_connections;
        byte[] first =
        [
            .. HelloCodec.Preamble,
            .. HelloCodec.Write(new PeerHello(FullOptions.Cluster, world.Nodes[to].Id, from.Process.Gateway.Greet())),
        ];
        world.Queue.Add(
            world.Now + world.Timing.Latency(), EventKind.HelloArrives, to, from.Life, (ulong)from.Slot, wire.Connection, first);
    }

    internal void OnHello(FullNode node, in SimulatedEvent e)
    {
        var sender = world.Nodes[(int)e.A];
        if (sender.Life != e.Life || !sender.IsServing) return;
        var verdict = (HelloVerdict?)null;
        if (!IsOutOfReach(sender.Slot, node.Slot) && node.PausedUntil <= world.Now) verdict = Welcome(node, sender, e.B, (byte[])e.Subject!);
        var answer = verdict is { } said ? (ulong)said : ulong.MaxValue;
        world.Queue.Add(
            world.Now + world.Timing.Latency(), EventKind.HelloAnswered, sender.Slot, e.Life, (ulong)node.Slot, e.B, (object)answer);
    }

    /// <summary>No verdict means that the call was not taken, and is tried again.</summary>
    internal void OnAnswer(FullNode node, in SimulatedEvent e)
    {
        var to = (int)e.A;
        var wire = room.Between(node.Slot, to);
        if (e.Life != node.Life || !node.IsServing || wire.Connection != e.B || wire.IsUp) return;
        var answer = (ulong)e.Subject!;
        if (answer == (ulong)HelloVerdict.Welcome)
        {
            (wire.IsUp, wire.Backoff, wire.LastVerdict) = (true, 0, HelloVerdict.Welcome);
            return;
        }

        wire.Drop();
        if (answer == ulong.MaxValue || wire.LastVerdict == (HelloVerdict)answer)
        {
            Later(node, to, wire);
            return;
        }

        wire.LastVerdict = (HelloVerdict)answer;
        if (!OnRefused(node, world.Nodes[to], wire.LastVerdict)) Later(node, to, wire);
    }

    /// <summary>Bytes of a stranger: nobody of this cluster wrote them.</summary>
    internal void OnStranger(FullNode node, byte[] bytes)
    {
        var verdict = Read(node, bytes, out var hello);
        world.Trace.Take((ulong)(verdict ?? HelloVerdict.Welcome) + 77);
        if (verdict == HelloVerdict.Welcome)
            world.Verdicts.Report("strangers are refused", $"{node.Id} lets in {hello.Hello.Origin.Member} of cluster {hello.Cluster:x}");
    }

    private HelloVerdict? Welcome(FullNode node, FullNode sender, ulong connection, byte[] bytes)
    {
        // Who joined later never saw the later boot and cannot notice; the budget ends here.
        if (sender.Harm == Harm.RolledBack && node.Process!.Gateway!.HighestBoot(sender.Id) == default)
        {
            world.Lifecycle.Bury(sender);
            return null;
        }

        var verdict = Read(node, bytes, out var hello);
        world.Trace.Take((ulong)(verdict ?? HelloVerdict.Welcome) + 1000);
        if (verdict is null) world.Verdicts.Report("no false alarm", $"{node.Id} cannot read the hello of {sender.Id}");
        if (verdict != HelloVerdict.Welcome) return verdict;
        node.Process!.Gateway!.Callers[sender.Slot] = (connection, hello.Hello.Origin);
        // As a listener nudges the link back.
        Dial(node, sender.Slot, 0);
        return verdict;
    }

    /// <summary>As the listener reads what a caller says first; null when it is no hello.</summary>
    private static HelloVerdict? Read(FullNode node, byte[] bytes, out PeerHello hello)
    {
        hello = default;
        var preamble = HelloCodec.Preamble.Length;
        if (bytes.Length < preamble + FrameHeader.Bytes || !bytes.AsSpan(0, preamble).SequenceEqual(HelloCodec.Preamble)) return null;
        var error = FrameHeader.TryRead(bytes.AsSpan(preamble), 4096, out var header);
        if (error == FrameError.None && bytes.Length < preamble + FrameHeader.Bytes + header.BodyBytes) return null;
        if (error == FrameError.None)
            error = HelloCodec.TryRead(header, bytes.AsSpan(preamble + FrameHeader.Bytes, header.BodyBytes), out hello);
        if (error == FrameError.UnknownVersion) return HelloVerdict.UnknownProtocol;
        return error == FrameError.None ? node.Process!.Gateway!.Judge(hello) : null;
    }

    /// <summary>True when the node ends: somebody remembers more of it than its own disk does.</summary>
    private bool OnRefused(FullNode node, FullNode by, HelloVerdict verdict)
    {
        if (world.Trace.IsHeard) world.Trace.Line($"    {by.Id} refuses the hello of {node.Id}: {verdict}");
        if (node.Harm == Harm.None)
            world.Verdicts.Report("no false alarm", $"{by.Id} refuses {node.Id} ({verdict}), whose directory is sound");
        if (verdict is not (HelloVerdict.BootRolledBack or HelloVerdict.StateRolledBack)) return false;
        world.Lifecycle.Bury(node);
        return true;
    }

    private bool IsOutOfReach(int from, int to) =>
        !world.Nodes[to].IsServing || room.Links.IsCut(from, to) || room.Links.IsCut(to, from);

    private void Later(FullNode from, int to, Wire wire)
    {
        wire.Backoff = Math.Clamp(wire.Backoff * 2, BackoffMin, BackoffMax);
        Dial(from, to, world.IsCalm ? BackoffMin : wire.Backoff);
    }
}

using Balsa.Raft.Identity;
using Balsa.Replica.Inputs;
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

    private const ulong NoAnswer = ulong.MaxValue;

    private ulong _connections;

    internal void DialBoth(FullNode from, int to)
    {
        Dial(from, room.Between(from.Slot, to), 0);
        Dial(from, room.Between(from.Slot, to, LinkPurpose.Bulk), 0);
    }

    internal void Dial(FullNode from, Wire wire, long after)
    {
        if (wire.Connection != 0 || wire.DialIsDue) return;
        wire.DialIsDue = true;
        world.Queue.Add(world.Now + after + dice.Below(20_000), EventKind.Dial, from.Slot, from.Life, 0, 0, wire);
    }

    internal void OnDial(FullNode from, in SimulatedEvent e)
    {
        var wire = (Wire)e.Subject!;
        if (e.Life != from.Life || !from.IsServing || !wire.DialIsDue) return;
        wire.DialIsDue = false;
        if (!from.Process!.Gateway!.Reaches(new MemberId((ulong)wire.To + 1))) return;
        if (from.PausedUntil > world.Now || IsOutOfReach(wire))
        {
            Later(from, wire);
            return;
        }

        wire.Connection = ++_connections;
        var hello = new PeerHello(FullOptions.Cluster, world.Nodes[wire.To].Id, from.Process.Gateway.Greet(), wire.Link, $"{from.Id}");
        byte[] first = [.. HelloCodec.Preamble, .. HelloCodec.Write(hello)];
        world.Queue.Add(
            world.Now + world.Timing.Latency(), EventKind.HelloArrives, wire.To, from.Life, 0, 0,
            new HelloCall(wire, wire.Connection, first));
    }

    internal void OnHello(FullNode node, in SimulatedEvent e)
    {
        var call = (HelloCall)e.Subject!;
        var sender = world.Nodes[call.Wire.From];
        if (sender.Life != e.Life || !sender.IsServing) return;
        var verdict = (HelloVerdict?)null;
        if (!IsOutOfReach(call.Wire) && node.PausedUntil <= world.Now) verdict = Welcome(node, sender, call);
        world.Queue.Add(
            world.Now + world.Timing.Latency(), EventKind.HelloAnswered, sender.Slot, e.Life,
            verdict is { } said ? (ulong)said : NoAnswer, call.Connection, call.Wire);
    }

    /// <summary>No verdict means that the call was not taken, and is tried again.</summary>
    internal void OnAnswer(FullNode node, in SimulatedEvent e)
    {
        var wire = (Wire)e.Subject!;
        if (e.Life != node.Life || !node.IsServing || wire.Connection != e.B || wire.IsUp) return;
        if (e.A == (ulong)HelloVerdict.Welcome)
        {
            (wire.IsUp, wire.Backoff, wire.LastVerdict) = (true, 0, HelloVerdict.Welcome);
            return;
        }

        wire.Drop();
        if (e.A != NoAnswer && wire.LastVerdict != (HelloVerdict)e.A)
        {
            wire.LastVerdict = (HelloVerdict)e.A;
            if (OnRefused(node, world.Nodes[wire.To], wire.LastVerdict)) return;
        }

        Later(node, wire);
    }

    /// <summary>Bytes of a stranger: nobody of this cluster wrote them.</summary>
    internal void OnStranger(FullNode node, byte[] bytes)
    {
        var verdict = Read(node, bytes, out var hello);
        world.Trace.Take((ulong)(verdict ?? HelloVerdict.Welcome) + 77);
        if (verdict == HelloVerdict.Welcome)
            world.Verdicts.Report("strangers are refused", $"{node.Id} lets in {hello.Hello.Origin.Member} of cluster {hello.Cluster:x}");
    }

    private HelloVerdict? Welcome(FullNode node, FullNode sender, HelloCall call)
    {
        // Who joined later never saw the later boot and cannot notice; the budget ends here.
        if (sender.Harm == Harm.RolledBack && node.Process!.Gateway!.HighestBoot(sender.Id) == default)
        {
            world.Lifecycle.Bury(sender);
            return null;
        }

        var verdict = Read(node, call.Bytes, out var hello);
        world.Trace.Take((ulong)(verdict ?? HelloVerdict.Welcome) + 1000);
        if (verdict is null) world.Verdicts.Report("no false alarm", $"{node.Id} cannot read the hello of {sender.Id}");
        if (verdict != HelloVerdict.Welcome) return verdict;
        if (sender.Harm == Harm.RolledBack && OnOldImage(node, sender)) return null;
        node.Process!.Gateway!.Callers[(sender.Slot, call.Wire.Link)] = (call.Connection, hello.Hello.Origin);
        // As a listener nudges the links back.
        DialBoth(node, sender.Slot);
        return verdict;
    }

    /// <summary>
    /// Who knew a later boot when the disk went back, and has run since, must notice. Who has restarted may have forgotten; who
    /// was no member then and had seen an earlier boot only has nothing to tell the image by.
    /// </summary>
    private bool OnOldImage(FullNode node, FullNode sender)
    {
        if (sender.KnownLaterBy.Contains(node.Life))
            world.Verdicts.Report("old images are refused", $"{node.Id} lets {sender.Id} in, whose disk went back in time");
        world.Lifecycle.Bury(sender);
        return true;
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
        if (verdict == HelloVerdict.Removed)
        {
            // Whoever has not heard yet that an id was given again tells its new owner of the removal of the old one.
            if (!world.Judges.HasRemoved(node.Id) && !world.Options.Raft.ReuseRemovedIds)
                world.Verdicts.Report("membership", $"{by.Id} tells {node.Id} that it was removed, and that is not committed");
            world.Pumps.Post(node, new ToldOfRemoval(by.Id));
            return false;
        }

        // Under an id that is given again another directory may have been bound first.
        var mayBeAnother = verdict == HelloVerdict.WrongIncarnation && node.Incarnation.Value != node.Id.Value;
        if (node.Harm == Harm.None && !mayBeAnother)
            world.Verdicts.Report("no false alarm", $"{by.Id} refuses {node.Id} ({verdict}), whose directory is sound");
        if (verdict is not (HelloVerdict.BootRolledBack or HelloVerdict.StateRolledBack)) return false;
        world.Lifecycle.Bury(node);
        return true;
    }

    private bool IsOutOfReach(Wire wire) =>
        !world.Nodes[wire.To].IsServing || room.Links.IsCut(wire.From, wire.To) || room.Links.IsCut(wire.To, wire.From);

    private void Later(FullNode from, Wire wire)
    {
        wire.Backoff = Math.Clamp(wire.Backoff * 2, BackoffMin, BackoffMax);
        Dial(from, wire, world.IsCalm ? BackoffMin : wire.Backoff);
    }
}

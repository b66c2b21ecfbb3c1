using Balsa.Raft.Messages;
using Balsa.Replica.Inputs;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Network;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Transport.Codec;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>
/// Carries bytes: late, doubled, out of order, damaged, cut short, or not at all. What arrives is decoded by the code that
/// ships, and one bad byte ends its connection.
/// </summary>
internal sealed class WireRoom
{
    private readonly FullRun _world;
    private readonly Dice _dice;
    private readonly int _bodyBytesMax;
    private readonly Dictionary<(int From, int To), Wire> _wires = [];

    internal WireRoom(FullRun world, Dice dice)
    {
        (_world, _dice) = (world, dice);
        _bodyBytesMax = MessageLayout.BodyBytesMax(world.Options.Raft);
        Dialling = new WireDialling(world, this, dice.Fork(1));
    }

    internal Links Links { get; } = new();

    internal WireDialling Dialling { get; }

    internal long Sent { get; private set; }

    internal Wire Between(int from, int to)
    {
        if (!_wires.TryGetValue((from, to), out var wire)) _wires.Add((from, to), wire = new Wire());
        return wire;
    }

    internal void HealAll()
    {
        Links.HealAll();
        foreach (var from in _world.Nodes)
            foreach (var to in _world.Nodes)
                Between(from.Slot, to.Slot).LastArrival = 0;
    }

    internal void Send(FullNode from, in Message message, in OutgoingFrame bytes)
    {
        Sent++;
        var to = (int)message.To.Value - 1;
        _world.Trace.Take(((ulong)message.Kind << 32) + message.To.Value, message.Term.Value);
        _world.Trace.Take(message.Log.Index.Value + (message.Commit.Value << 20), message.Match.Value + ((ulong)message.Flags << 40));
        if (_world.Trace.IsHeard) _world.Trace.Line($"    {from.Id} -> n{to + 1} {Describe(message)}");
        var wire = Between(from.Slot, to);
        if (!wire.IsUp || Links.IsCut(from.Slot, to) || IsLost())
        {
            bytes.Release();
            return;
        }

        var frame = new Frame(from.Slot, wire.Connection, bytes);
        Carry(frame, to, ArrivalOf(wire, from.Slot, to));
        if (_world.IsCalm || !_dice.Chance(_world.Options.DuplicatePermille)) return;
        _world.Faults.Hit(FaultKind.Duplicate);
        Carry(frame, to, _world.Now + _world.Timing.Latency() * _dice.Between(1, 20));
    }

    internal void OnFrame(FullNode node, in SimulatedEvent e)
    {
        var frame = (Frame)e.Subject!;
        if (node.PausedUntil > _world.Now && node.Process is not null)
        {
            _world.Queue.AddAgain(e, node.PausedUntil);
            return;
        }

        if (node.IsServing && !Links.IsCut(frame.From, node.Slot)) Receive(node, frame);
        frame.Release();
    }

    /// <summary>The sender learns that its connection has ended, and with it what was on the way.</summary>
    internal void OnHungUp(FullNode node, in SimulatedEvent e)
    {
        var to = (int)e.A;
        var wire = Between(node.Slot, to);
        if (!node.IsServing || e.Life != node.Life || wire.Connection != e.B) return;
        var wasUp = wire.IsUp;
        wire.Drop();
        if (wasUp) _world.Pumps.Post(node, new PeerLost(_world.Nodes[to].Id));
        Dialling.Dial(node, to, 10 * TimeSpan.TicksPerMillisecond);
    }

    internal void HangUp(int from, int to, ulong connection)
    {
        var sender = _world.Nodes[from];
        _world.Queue.Add(_world.Now + _world.Timing.Latency(), EventKind.HungUp, from, sender.Life, (ulong)to, connection);
    }

    /// <summary>Its own ends are gone at once; who had called it learns of it, unless the way back is cut.</summary>
    internal void OnProcessEnds(FullNode node)
    {
        foreach (var other in _world.Nodes)
        {
            if (other == node) continue;
            var outgoing = Between(node.Slot, other.Slot);
            outgoing.Drop();
            (outgoing.DialIsDue, outgoing.Backoff, outgoing.LastVerdict) = (false, 0, HelloVerdict.Welcome);
            var incoming = Between(other.Slot, node.Slot);
            if (incoming.Connection != 0 && !Links.IsCut(node.Slot, other.Slot)) HangUp(other.Slot, node.Slot, incoming.Connection);
        }
    }

    private bool IsLost()
    {
        if (_world.IsCalm || !_dice.Chance(_world.Options.LossPermille)) return false;
        _world.Faults.Hit(FaultKind.Loss);
        return true;
    }

    private void Carry(Frame frame, int to, long at)
    {
        frame.Copies++;
        _world.Queue.Add(at, EventKind.FrameArrives, to, 0, 0, 0, frame);
    }

    /// <summary>In order on each connection, unless this frame takes another way.</summary>
    private long ArrivalOf(Wire wire, int from, int to)
    {
        var at = _world.Now + _world.Timing.Latency() + _world.Timing.Tail();
        var clogged = Links.CloggedUntil(from, to);
        if (clogged > _world.Now) at = clogged + _dice.Below(TimeSpan.TicksPerMillisecond);
        if (!_world.IsCalm && _dice.Chance(_world.Options.ReorderPermille))
        {
            _world.Faults.Hit(FaultKind.Reorder);
            return at + _dice.Below(20 * _world.Options.LatencyTicks);
        }

        return wire.LastArrival = Math.Max(at, wire.LastArrival + 1);
    }

    private void Receive(FullNode node, Frame frame)
    {
        var callers = node.Process!.Gateway!.Callers;
        if (!callers.TryGetValue(frame.From, out var caller) || caller.Connection != frame.Connection)
        {
            // Whoever sends on a connection that nobody has any more is told so.
            HangUp(frame.From, node.Slot, frame.Connection);
            return;
        }

        var bytes = Damaged(frame.Bytes.Bytes.Span, out var isDamaged);
        var error = Decode(bytes, out var message);
        if (error == FrameError.None && isDamaged)
            _world.Verdicts.Report("damaged bytes are refused", $"{node.Id} takes a damaged frame of n{frame.From + 1}");
        if (error == FrameError.None)
        {
            _world.Pumps.Post(
                node, new PeerMessage(caller.Origin, message!.Message, message.Entries, message.Payloads, message.Configurations));
            return;
        }

        if (!isDamaged) _world.Verdicts.Report("no false alarm", $"{node.Id} refuses a sound frame of n{frame.From + 1}: {error}");
        callers.Remove(frame.From);
        HangUp(frame.From, node.Slot, frame.Connection);
    }

    /// <summary>As the listener takes a frame apart.</summary>
    private FrameError Decode(ReadOnlySpan<byte> bytes, out IncomingMessage? message)
    {
        message = null;
        // The connection ended within a frame.
        if (bytes.Length < FrameHeader.Bytes) return FrameError.NotAPeer;
        var error = FrameHeader.TryRead(bytes, _bodyBytesMax, out var header);
        if (error != FrameError.None) return error;
        if (bytes.Length < FrameHeader.Bytes + header.BodyBytes) return FrameError.NotAPeer;
        if (header.Group != default) return FrameError.OutOfPlace;
        return MessageDecoder.TryRead(header, bytes.Slice(FrameHeader.Bytes, header.BodyBytes), out message);
    }

    private ReadOnlySpan<byte> Damaged(ReadOnlySpan<byte> bytes, out bool isDamaged)
    {
        isDamaged = false;
        if (_world.IsCalm) return bytes;
        if (_dice.Chance(_world.Options.FlipPermille))
        {
            var copy = bytes.ToArray();
            for (var flips = _dice.Between(1, 3); flips > 0; flips--) copy[_dice.Below(copy.Length)] ^= (byte)(1 << _dice.Below(8));
            isDamaged = !bytes.SequenceEqual(copy);
            _world.Faults.Hit(FaultKind.FrameFlipped);
            return copy;
        }

        if (!_dice.Chance(_world.Options.CutPermille)) return bytes;
        isDamaged = true;
        _world.Faults.Hit(FaultKind.FrameCut);
        return bytes[.._dice.Below(bytes.Length)];
    }

    private static string Describe(in Message m) => $"{m.Kind} term {m.Term} log {m.Log} commit {m.Commit} match {m.Match} {m.Flags}";
}

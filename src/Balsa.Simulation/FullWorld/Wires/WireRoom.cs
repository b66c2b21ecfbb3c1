using Balsa.Raft.Identity;
using Balsa.Raft.Messages;
using Balsa.Replica.Inputs;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Network;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>Carries bytes: late, doubled, out of order, or not at all. The bulk link keeps its order, or breaks.</summary>
internal sealed class WireRoom
{
    private const long BulkPause = 200 * TimeSpan.TicksPerMillisecond;

    /// <summary>After so much silence the shipped caller gives a connection up: no pong has come.</summary>
    private const long DeadAfter = 5 * TimeSpan.TicksPerSecond;

    private readonly FullRun _world;
    private readonly Dice _dice;
    private readonly FrameDesk _desk;
    private readonly StreamMishaps _streams;
    private readonly Dictionary<(int From, int To, LinkPurpose Link), Wire> _wires = [];

    internal WireRoom(FullRun world, Dice dice)
    {
        (_world, _dice) = (world, dice);
        Dialling = new WireDialling(world, this, dice.Fork(1));
        _streams = new StreamMishaps(world, dice.Fork(3));
        _desk = new FrameDesk(world, this, _streams, dice.Fork(2));
    }

    internal Links Links { get; } = new();

    internal WireDialling Dialling { get; }

    internal long Sent { get; private set; }

    /// <summary>So much later the next request to campaign arrives.</summary>
    internal long HoldTimeoutNow { get; set; }

    internal Wire Between(int from, int to, LinkPurpose link = LinkPurpose.Consensus)
    {
        if (!_wires.TryGetValue((from, to, link), out var wire)) _wires.Add((from, to, link), wire = new Wire(from, to, link));
        return wire;
    }

    internal void HealAll()
    {
        Links.HealAll();
        foreach (var from in _world.Nodes)
            foreach (var to in _world.Nodes)
                Between(from.Slot, to.Slot).LastArrival = Between(from.Slot, to.Slot, LinkPurpose.Bulk).LastArrival = 0;
    }

    internal void Send(FullNode from, in Message message, in OutgoingFrame bytes)
    {
        var to = (int)message.To.Value - 1;
        _world.Trace.Take(((ulong)message.Kind << 32) + message.To.Value, message.Term.Value);
        _world.Trace.Take(message.Log.Index.Value + (message.Commit.Value << 20), message.Match.Value + ((ulong)message.Flags << 40));
        if (_world.Trace.IsHeard) _world.Trace.Line($"    {from.Id} -> n{to + 1} {Describe(message)}");
        var wire = Between(from.Slot, to);
        if (message.Kind == MessageKind.TimeoutNow && HoldTimeoutNow > 0 && wire.IsUp) Hold(new Frame(wire, bytes));
        else Send(wire, bytes, inOrder: false);
    }

    /// <summary>False when it certainly does not leave.</summary>
    internal bool Send(FullNode from, MemberId to, Parcel parcel)
    {
        var bytes = ParcelCodec.Write(parcel, default);
        _world.Trace.Take((ulong)parcel.Kind + 100, (ulong)bytes.Length);
        if (_world.Trace.IsHeard) _world.Trace.Line($"    {from.Id} -> {to} {parcel.Kind} of {bytes.Length} bytes");
        var wire = Between(from.Slot, (int)to.Value - 1, parcel.Link);
        // A forwarded write must not come twice, and on a connection it does not.
        if (parcel.Link == LinkPurpose.Consensus) return Send(wire, bytes, inOrder: true);
        if (wire.IsUp && !Links.IsCut(wire.From, wire.To) && !_streams.Breaks(parcel))
        {
            wire.LastArrival = Math.Max(wire.LastArrival, _world.Now + _streams.Delay());
            return Carry(wire, bytes, inOrder: true);
        }

        bytes.Release();
        BreakBulk(from, wire);
        return false;
    }

    internal void OnFrame(FullNode node, in SimulatedEvent e)
    {
        var frame = (Frame)e.Subject!;
        if (node.PausedUntil > _world.Now && node.Process is not null)
        {
            _world.Queue.AddAgain(e, node.PausedUntil);
            return;
        }

        if (Links.IsCut(frame.Wire.From, node.Slot)) OnLostInCut(frame);
        else if (node.IsServing) _desk.Receive(node, frame);
        frame.Release();
    }

    /// <summary>The sender learns that its connection has ended, and with it what was on the way.</summary>
    internal void OnHungUp(FullNode node, in SimulatedEvent e)
    {
        var wire = (Wire)e.Subject!;
        if (!node.IsServing || e.Life != node.Life || wire.Connection != e.B) return;
        var wasUp = wire.IsUp;
        wire.Drop();
        var peer = _world.Nodes[wire.To].Id;
        if (wasUp && wire.Link == LinkPurpose.Consensus) _world.Pumps.Post(node, new PeerLost(peer));
        if (wasUp) node.Process!.Disk.OnPeerLost(peer);
        Dialling.Dial(node, wire, 10 * TimeSpan.TicksPerMillisecond);
    }

    internal void HangUp(Wire wire, ulong connection, long after = 0) => _world.Queue.Add(
        _world.Now + after + _world.Timing.Latency(), EventKind.HungUp, wire.From, _world.Nodes[wire.From].Life, 0, connection, wire);

    /// <summary>
    /// Its own ends are gone at once; who had called it learns of it. Where the way back is cut it learns it by the silence, also when
    /// it has nothing to say: otherwise one that was removed could wait for ever on a connection that has no other end.
    /// </summary>
    internal void OnProcessEnds(FullNode node)
    {
        foreach (var other in _world.Nodes)
        {
            if (other == node) continue;
            foreach (var link in (ReadOnlySpan<LinkPurpose>)[LinkPurpose.Consensus, LinkPurpose.Bulk])
            {
                Between(node.Slot, other.Slot, link).Forget();
                var incoming = Between(other.Slot, node.Slot, link);
                if (incoming.Connection != 0) HangUp(incoming, incoming.Connection, Links.IsCut(node.Slot, other.Slot) ? DeadAfter : 0);
            }
        }
    }

    private bool Send(Wire wire, in OutgoingFrame bytes, bool inOrder)
    {
        Sent++;
        if (wire.IsUp && !Links.IsCut(wire.From, wire.To) && !IsLost()) return Carry(wire, bytes, inOrder);
        bytes.Release();
        return wire.IsUp;
    }

    private bool Carry(Wire wire, in OutgoingFrame bytes, bool inOrder)
    {
        var frame = new Frame(wire, bytes);
        Carry(frame, ArrivalOf(wire, inOrder));
        if (inOrder || _world.IsCalm || !_dice.Chance(_world.Options.DuplicatePermille)) return true;
        _world.Faults.Hit(FaultKind.Duplicate);
        Carry(frame, _world.Now + _world.Timing.Latency() * _dice.Between(1, 20));
        return true;
    }

    private void Hold(Frame frame)
    {
        Sent++;
        Carry(frame, _world.Now + HoldTimeoutNow);
        HoldTimeoutNow = 0;
    }

    /// <summary>What waits for a bulk link is given up after a while, and the transfer begins again where it was.</summary>
    private void BreakBulk(FullNode from, Wire wire)
    {
        var life = from.Life;
        Action tell = () =>
        {
            if (from.IsServing && from.Life == life) from.Process!.Disk.OnPeerLost(_world.Nodes[wire.To].Id);
        };
        if (wire.IsUp) HangUp(wire, wire.Connection);
        _world.Queue.Add(_world.Now + BulkPause, EventKind.Mishap, from.Slot, 0, 0, 0, tell);
    }

    private void OnLostInCut(Frame frame)
    {
        if (frame.Wire.Link == LinkPurpose.Bulk) HangUp(frame.Wire, frame.Connection);
    }

    private bool IsLost()
    {
        if (_world.IsCalm || !_dice.Chance(_world.Options.LossPermille)) return false;
        _world.Faults.Hit(FaultKind.Loss);
        return true;
    }

    private void Carry(Frame frame, long at)
    {
        frame.Copies++;
        _world.Queue.Add(at, EventKind.FrameArrives, frame.Wire.To, 0, 0, 0, frame);
    }

    /// <summary>In order on each connection, unless this frame takes another way.</summary>
    private long ArrivalOf(Wire wire, bool inOrder)
    {
        var at = _world.Now + _world.Timing.Latency() + _world.Timing.Tail();
        var clogged = Links.CloggedUntil(wire.From, wire.To);
        if (clogged > _world.Now) at = clogged + _dice.Below(TimeSpan.TicksPerMillisecond);
        if (!inOrder && !_world.IsCalm && _dice.Chance(_world.Options.ReorderPermille))
        {
            _world.Faults.Hit(FaultKind.Reorder);
            return at + _dice.Below(20 * _world.Options.LatencyTicks);
        }

        return wire.LastArrival = Math.Max(at, wire.LastArrival + 1);
    }

    private static string Describe(in Message m) => $"{m.Kind} term {m.Term} log {m.Log} commit {m.Commit} match {m.Match} {m.Flags}";
}

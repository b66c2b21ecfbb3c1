using Balsa.Node.Peers;
using Balsa.Raft.Identity;
using Balsa.Replica.Inputs;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Randomness;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>
/// The end of a wire: some frames arrive damaged or cut short. What arrives is decoded by the code that ships, in the order in
/// which the listener does, and one bad byte ends its connection.
/// </summary>
internal sealed class FrameDesk(FullRun world, WireRoom room, StreamMishaps streams, Dice dice)
{
    private readonly int _bodyBytesMax = MessageLayout.BodyBytesMax(world.Options.Raft) + FullOptions.PieceBytes;

    internal void Receive(FullNode node, Frame frame)
    {
        var (wire, callers) = (frame.Wire, node.Process!.Gateway!.Callers);
        if (!callers.TryGetValue((wire.From, wire.Link), out var caller) || caller.Connection != frame.Connection)
        {
            // Whoever sends on a connection that nobody has any more is told so.
            room.HangUp(wire, frame.Connection);
            return;
        }

        var bytes = Damaged(frame.Bytes.Bytes.Span, out var isDamaged);
        var error = Take(node, wire, caller.Origin, bytes);
        Judge(node, wire, error, isDamaged);
        if (error == FrameError.None) return;
        callers.Remove((wire.From, wire.Link));
        room.HangUp(wire, frame.Connection);
    }

    internal void Judge(FullNode node, Wire wire, FrameError error, bool isDamaged)
    {
        if (error == FrameError.None && isDamaged)
            world.Verdicts.Report("damaged bytes are refused", $"{node.Id} takes a damaged frame of n{wire.From + 1}");
        if (error != FrameError.None && !isDamaged)
            world.Verdicts.Report("no false alarm", $"{node.Id} refuses a sound frame of n{wire.From + 1}: {error}");
    }

    private FrameError Take(FullNode node, Wire wire, in Origin origin, ReadOnlySpan<byte> bytes)
    {
        // The connection ended within a frame.
        if (bytes.Length < FrameHeader.Bytes) return FrameError.NotAPeer;
        var error = FrameHeader.TryRead(bytes, _bodyBytesMax, out var header);
        if (error != FrameError.None) return error;
        if (bytes.Length < FrameHeader.Bytes + header.BodyBytes) return FrameError.NotAPeer;
        if (header.Group != default) return FrameError.OutOfPlace;
        var body = bytes.Slice(FrameHeader.Bytes, header.BodyBytes);
        if (header.Kind == FrameKind.Parcel)
        {
            error = ParcelCodec.TryRead(header, body, out var parcel);
            if (error == FrameError.None && parcel!.Link != wire.Link) error = FrameError.OutOfPlace;
            if (error == FrameError.None) Receive(node, origin, parcel!);
            return error;
        }

        if (wire.Link != LinkPurpose.Consensus) return FrameError.OutOfPlace;
        error = MessageDecoder.TryRead(header, body, out var message);
        if (error == FrameError.None)
            world.Pumps.Post(node, new PeerMessage(origin, message!.Message, message.Entries, message.Payloads, message.Configurations));
        return error;
    }

    /// <summary>As the gateway of a node hands parcels on.</summary>
    private void Receive(FullNode node, in Origin origin, Parcel parcel)
    {
        streams.OnArrived(node, parcel);
        if (PeerBytes.Read(origin, parcel) is { } input) world.Pumps.Post(node, input);
        else node.Process!.Disk.Receive(origin.Member, parcel);
    }

    private ReadOnlySpan<byte> Damaged(ReadOnlySpan<byte> bytes, out bool isDamaged)
    {
        isDamaged = false;
        if (world.IsCalm) return bytes;
        if (dice.Chance(world.Options.FlipPermille))
        {
            var copy = bytes.ToArray();
            for (var flips = dice.Between(1, 3); flips > 0; flips--) copy[dice.Below(copy.Length)] ^= (byte)(1 << dice.Below(8));
            isDamaged = !bytes.SequenceEqual(copy);
            world.Faults.Hit(FaultKind.FrameFlipped);
            return copy;
        }

        if (!dice.Chance(world.Options.CutPermille)) return bytes;
        isDamaged = true;
        world.Faults.Hit(FaultKind.FrameCut);
        return bytes[..dice.Below(bytes.Length)];
    }
}

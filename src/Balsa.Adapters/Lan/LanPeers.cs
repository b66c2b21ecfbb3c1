using Balsa.Node.Peers;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Adapters.Lan;

/// <summary>
/// The messages of members as messages of the LAN: under the course's categories, with the sender's hello and the frame as it
/// would go through a connection in a field of their own. What gets lost or comes in another order is the core's daily bread.
/// </summary>
/// <param name="send">To the hub, by any thread.</param>
internal sealed class LanPeers(
    ulong cluster, IReadOnlyList<string> servers, MemberId self, int bodyBytesMax, Action<LanMessage> send, Func<string> leader)
    : IMemberPeers
{
    private readonly Dictionary<MemberId, Origin> _welcome = [];
    private readonly Lock _judging = new();
    private PeerJudge<NoProbe>? _judge;
    private volatile PeerDoor? _door;
    private volatile Configuration _configuration = Configuration.Empty;
    private long _refused;

    /// <summary>Frames that were damaged, or of nobody who belongs here.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    public void Open(PeerDoor door)
    {
        lock (_judging)
        {
            _judge = new PeerJudge<NoProbe>(default, door.Seen);
            _judge.Learn(_configuration);
            _door = door;
        }
    }

    public void Send(in Message message, ReadOnlySpan<ReplicaEntry> entries)
    {
        var bytes = PeerBytes.Write(message, entries, default);
        var leads = message.Kind is MessageKind.Append or MessageKind.Heartbeat;
        Send(message.To, CategoryOf(message), leads ? NameOf(self) : leader(), message.Term.Value, bytes);
    }

    public void Send(MemberId to, Parcel parcel) => Send(to, "parcel", leader(), 0, ParcelCodec.Write(parcel, default));

    public bool Forward(MemberId leader, ForwardedCommand command)
    {
        Send(leader, PeerBytes.Write(command));
        return true;
    }

    public void Answer(MemberId sender, ForwardedAnswer answer) => Send(sender, ForwardedAnswers.Write(answer));

    public void Tell(MemberId member, in StateOpinion opinion) => Send(member, PeerBytes.Write(opinion));

    public void Reach(Configuration configuration)
    {
        lock (_judging)
        {
            _configuration = configuration;
            _judge?.Learn(configuration);
        }
    }

    public void Settle(Configuration configuration)
    {
        lock (_judging) _judge?.Settle(configuration);
    }

    public void Believe(in Origin sender, Term term, LogIndex match)
    {
        lock (_judging) _judge?.Believe(sender, term, match);
    }

    public ValueTask DisposeAsync()
    {
        _door = null;
        return ValueTask.CompletedTask;
    }

    /// <summary>A datagram with a frame. What cannot be read, or is from nobody, is counted and forgotten.</summary>
    internal void Receive(LanMessage message)
    {
        if (_door is { } door && !TryTake(door, message.Frame.Span)) Interlocked.Increment(ref _refused);
    }

    private static string CategoryOf(in Message message) => message.Kind switch
    {
        MessageKind.Heartbeat => LanCategories.Heartbeat,
        MessageKind.Append => LanCategories.RequestAppend,
        MessageKind.Vote or MessageKind.PreVote => LanCategories.RequestVote,
        MessageKind.VoteResponse or MessageKind.PreVoteResponse =>
            message.Flags.HasFlag(MessageFlags.Reject) ? LanCategories.RejectVote : LanCategories.ApproveVote,
        MessageKind.AppendResponse => "appendReply",
        MessageKind.HeartbeatResponse => "heartbeatReply",
        MessageKind.ReadIndex => "readIndex",
        MessageKind.ReadIndexResponse => "readIndexReply",
        _ => "other",
    };

    private string NameOf(MemberId member) => servers[(int)member.Value - 1];

    private void Send(MemberId to, string category, string leader, ulong term, in OutgoingFrame frame)
    {
        if (_door is not { } door)
        {
            frame.Release();
            return;
        }

        byte[] hello = HelloCodec.Write(new PeerHello(cluster, to, door.Self()));
        byte[] bytes = [.. hello, .. frame.Bytes.Span];
        frame.Release();
        send(new LanMessage
        {
            Source = NameOf(self), Destination = NameOf(to), Leader = leader, Category = category, Term = term, Frame = bytes,
        });
    }

    private bool TryTake(PeerDoor door, ReadOnlySpan<byte> bytes)
    {
        if (!TryFrame(ref bytes, out var header, out var body)) return false;
        if (HelloCodec.TryRead(header, body, out var hello) != FrameError.None || !IsWelcome(door, hello)) return false;
        if (!TryFrame(ref bytes, out header, out body) || header.Group != default || bytes.Length > 0) return false;
        var origin = hello.Hello.Origin;
        if (header.Kind != FrameKind.Parcel)
        {
            if (MessageDecoder.TryRead(header, body, out var incoming) != FrameError.None) return false;
            door.Post(new PeerMessage(origin, incoming!.Message, incoming.Entries, incoming.Payloads, incoming.Configurations));
            return true;
        }

        if (ParcelCodec.TryRead(header, body, out var parcel) != FrameError.None) return false;
        if (PeerBytes.Read(origin, parcel!) is { } input) door.Post(input);
        else door.Snapshots(origin.Member, parcel!);
        return true;
    }

    private bool TryFrame(ref ReadOnlySpan<byte> bytes, out FrameHeader header, out ReadOnlySpan<byte> body)
    {
        header = default;
        body = default;
        if (bytes.Length < FrameHeader.Bytes || FrameHeader.TryRead(bytes, bodyBytesMax, out header) != FrameError.None) return false;
        if (bytes.Length < FrameHeader.Bytes + header.BodyBytes) return false;
        body = bytes.Slice(FrameHeader.Bytes, header.BodyBytes);
        bytes = bytes[(FrameHeader.Bytes + header.BodyBytes)..];
        return true;
    }

    /// <summary>
    /// A start of a member is judged once, as a connection would be: its hellos come in any order here, and an old one says
    /// less than we know, which on a connection would mean a disk that went back in time.
    /// </summary>
    private bool IsWelcome(PeerDoor door, in PeerHello hello)
    {
        var origin = hello.Hello.Origin;
        if (hello.Cluster != cluster || hello.To != self || origin.Member == self) return false;
        bool isNewBoot;
        lock (_judging)
        {
            if (_welcome.TryGetValue(origin.Member, out var known) && known == origin) return true;
            if (_judge!.Judge(hello, _configuration, out isNewBoot, out _) != HelloVerdict.Welcome) return false;
            _welcome[origin.Member] = origin;
        }

        if (isNewBoot) door.Remember(new Balsa.Storage.Wal.SeenPeer(origin.Member, origin.Incarnation, origin.Boot));
        return true;
    }
}

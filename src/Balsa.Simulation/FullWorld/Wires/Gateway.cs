using Balsa.Node.Peers;
using Balsa.Node.Snapshots;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Replica.Contracts;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>
/// Between a replica and the wires of the world, as the gateway of a node is between a replica and its sockets: it encodes
/// what leaves, judges who calls, and remembers whom it has seen.
/// </summary>
internal sealed class Gateway : IPeerNetwork, IParcelPost
{
    private readonly FullRun _world;
    private readonly FullNode _node;
    private readonly Action<SeenPeer> _remember;
    private readonly MemberJudge _judge;
    private Configuration _configuration = Configuration.Empty;
    private bool _isOpen;

    internal Gateway(FullRun world, FullNode node, IEnumerable<SeenPeer> seen, Action<SeenPeer> remember)
    {
        (_world, _node, _remember, _judge) = (world, node, remember, world.Maker.MakeJudge(seen));
    }

    /// <summary>Who is let in: for each link the connection in use and who its caller said it is.</summary>
    internal Dictionary<(int From, LinkPurpose Link), (ulong Connection, Origin Origin)> Callers { get; } = [];

    public void Send(in Message message, ReadOnlySpan<ReplicaEntry> entries)
    {
        _world.Judges.OnSend(_node, message);
        _world.Wires.Send(_node, message, PeerBytes.Write(message, entries, default));
    }

    public void Reach(Configuration configuration)
    {
        _configuration = configuration;
        _judge.Learn(configuration);
        if (_isOpen) DialAll();
    }

    public void Settle(Configuration configuration)
    {
        // Where ids are given again, which no shipped member allows, a removal is not for good.
        if (_world.Options.Raft.ReuseRemovedIds) return;
        _judge.Settle(configuration);
        foreach (var (from, link) in (List<(int From, LinkPurpose Link)>)[.. Callers.Keys])
        {
            if (!configuration.WasRemoved(_world.Nodes[from].Id)) continue;
            Callers.Remove((from, link), out var caller);
            _world.Wires.HangUp(_world.Wires.Between(from, _node.Slot, link), caller.Connection);
        }
    }

    public bool Forward(MemberId leader, ForwardedCommand command) =>
        _world.Wires.Send(_node, leader, PeerBytes.Write(command));

    public void Answer(MemberId sender, ForwardedAnswer answer) => _world.Wires.Send(_node, sender, ForwardedAnswers.Write(answer));

    public void Tell(MemberId member, in StateOpinion opinion)
    {
        if (_node.Process!.Store.IsSpoiled) _world.Judges.Applying.OnSpoiledHash(opinion.Index);
        Send(member, PeerBytes.Write(opinion));
    }

    public void Send(MemberId to, Parcel parcel) => _world.Wires.Send(_node, to, parcel);

    public void Believe(in Origin sender, Term term, LogIndex match) => _judge.Believe(sender, term, match);

    /// <summary>Begins to dial whom the configuration names.</summary>
    internal void Open()
    {
        _isOpen = true;
        DialAll();
    }

    internal bool Reaches(MemberId member) =>
        member != _node.Id && (Known.Find(member) is not null || _judge.Unknown.Any(known => known.Id == member));

    internal Hello Greet()
    {
        var machine = _node.Machine!;
        var published = machine.Published;
        return new Hello(machine.Self, published.Term, published.Durable, published.Repairing);
    }

    internal Boot HighestBoot(MemberId member) => _judge.HighestBoot(member);

    internal HelloVerdict Judge(in PeerHello hello)
    {
        if (hello.Link == LinkPurpose.Founding) return HelloVerdict.WrongCluster;
        if (hello.Cluster != FullOptions.Cluster) return HelloVerdict.WrongCluster;
        var origin = hello.Hello.Origin;
        if (hello.To != _node.Id || origin.Member == _node.Id) return HelloVerdict.WrongMember;
        var verdict = _judge.Judge(hello, _configuration, out var isNewBoot, out var isNewcomer);
        if (isNewBoot) _remember(new SeenPeer(origin.Member, origin.Incarnation, origin.Boot));
        if (isNewcomer) DialAll();
        return verdict;
    }

    /// <summary>A member that joins is told by its operator whom to call first.</summary>
    private Configuration Known => _configuration.IsEmpty ? _node.Introduction : _configuration;

    private void DialAll()
    {
        foreach (var member in (Member[])[.. _judge.Unknown, .. Known.Members])
            if (member.Id != _node.Id) _world.Wires.Dialling.DialBoth(_node, (int)member.Id.Value - 1);
    }
}

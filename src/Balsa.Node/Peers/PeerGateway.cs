using System.Net;
using System.Net.Sockets;
using Balsa.Node.Snapshots;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Codec.Parcels.Snapshots;
using Balsa.Transport.Tcp;

namespace Balsa.Node.Peers;

/// <summary>Between a replica and its connections: encodes what leaves, judges who calls, and notices disks that went back in
/// time.</summary>
public sealed class PeerGateway : IPeerNetwork, IParcelPost, IPeerHandler, IAsyncDisposable
{
    private readonly PeerNetwork _network;
    private readonly BulkPost _bulk;
    private readonly MemberId _self;
    private readonly GroupId _group;
    private readonly string _directory;
    private readonly Func<Member, IReadOnlyList<EndPoint>> _addressesOf;
    private readonly Action<SeenPeer> _remember;
    private readonly Action<string> _note;
    private readonly Action<Exception> _fatal;
    private readonly PeerJudge<NoProbe> _judge;
    private readonly Lock _judging = new();
    private volatile bool _isIsolated, _isRemoved;
    private readonly Dictionary<MemberId, Member> _former = [];
    private bool _listens;
    private volatile Configuration _configuration = Configuration.Empty;

    /// <param name="directory">For messages to the operator.</param>
    /// <param name="addressesOf">Where a member may be reached; empty when nobody knows.</param>
    public PeerGateway(
        PeerNetworkOptions network, string directory, Func<Member, IReadOnlyList<EndPoint>> addressesOf, IEnumerable<SeenPeer> seen,
        Action<SeenPeer> remember, Action<string> note, Action<Exception> fatal)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_self, _group, _directory, _addressesOf) = (network.Self, network.Group, directory, addressesOf);
        (_remember, _note, _fatal) = (remember, note, fatal);
        _network = new PeerNetwork(network, this);
        _bulk = new BulkPost(_network, peer => PeerLost(peer));
        _judge = new PeerJudge<NoProbe>(network.Group, seen);
    }

    /// <summary>Who we are and how far; set before listening.</summary>
    public Func<Hello> Self { get; set; } = () => throw new InvalidOperationException("The gateway was not given its member.");

    /// <summary>Where inputs go; false when they are lost.</summary>
    public Func<ReplicaInput, bool> Post { get; set; } = _ => false;

    /// <summary>Where parcels about snapshots go.</summary>
    public Action<MemberId, Parcel> Snapshots { get; set; } = (_, _) => { };

    /// <summary>Who else wants to know that a connection broke.</summary>
    public Action<MemberId> PeerLost { get; set; } = _ => { };

    /// <summary>
    /// A fault on purpose: nothing goes to other members and nothing of theirs comes in, as if the cable were pulled. The
    /// connections stay, so both sides notice by silence alone.
    /// </summary>
    public bool IsIsolated
    {
        get => _isIsolated;
        set
        {
            if (_isIsolated == value) return;
            _isIsolated = value;
            _note(value ? "is cut off from the other members" : "hears the other members again");
        }
    }

    /// <summary>Whom to reach as long as the log says nothing of members.</summary>
    public Configuration FirstContacts { get; init; } = Configuration.Empty;

    /// <summary>Answers a peer that asks about founding; null hangs up.</summary>
    public Func<FoundingAsk, Task<FoundingAnswer?>> Founding { get; init; } = _ => Task.FromResult<FoundingAnswer?>(null);

    /// <summary>The newest one in the log, committed or not.</summary>
    public Configuration Configuration => _configuration;

    public NetworkCounters Counters => _network.Counters;

    /// <summary>Opens the port and begins to call: from here on others ask who we are.</summary>
    public void Listen()
    {
        _network.Listen();
        _listens = true;
        Reach(_configuration);
    }

    /// <summary>Takes over a connection of a member that came in at a port which serves others, too.</summary>
    public void Serve(Socket accepted) => _network.Serve(accepted);

    public bool IsUp(MemberId peer) => _network.IsUp(peer);

    public async ValueTask DisposeAsync()
    {
        await _bulk.DisposeAsync();
        await _network.DisposeAsync();
    }

    public void Send(in Message message, ReadOnlySpan<ReplicaEntry> entries)
    {
        if (_isIsolated) return;
        _network.Send(message.To, PeerBytes.Write(message, entries, _group));
    }

    public void Reach(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        lock (_judging)
        {
            foreach (var member in _configuration.Members) _former[member.Id] = member;
            foreach (var member in configuration.Members) _former.Remove(member.Id);
            _configuration = configuration;
            _judge.Learn(configuration);
            ReachAll();
        }
    }

    public void Settle(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        lock (_judging)
        {
            _judge.Settle(configuration);
            ReachAll();
        }

        // They call again and are told.
        foreach (var removed in configuration.Removed) _network.HangUp(removed);
    }

    private void ReachAll()
    {
        // A replica says whom to reach while it is being made, and cannot say yet who it is.
        if (!_listens) return;
        var known = _configuration.IsEmpty ? FirstContacts : _configuration;
        var peers = new Dictionary<MemberId, IReadOnlyList<EndPoint>>();
        foreach (var member in (Member[])[.. _judge.Unknown, .. known.Members])
            if (member.Id != _self && _addressesOf(member) is { Count: > 0 } addresses) peers[member.Id] = addresses;

        AddFormer(peers);
        _network.Reach(peers);
    }

    /// <summary>
    /// Who is being removed is still called until that is committed: a leader that removes itself needs our acknowledgement.
    /// Afterwards it hears of it when it calls.
    /// </summary>
    private void AddFormer(Dictionary<MemberId, IReadOnlyList<EndPoint>> peers)
    {
        var taken = peers.Values.SelectMany(addresses => addresses).ToHashSet();
        foreach (var member in _former.Values)
        {
            var addresses = _addressesOf(member);
            if (member.Id == _self || _judge.WasRemoved(member.Id) || addresses.Count == 0) continue;
            if (!addresses.Any(taken.Contains)) peers[member.Id] = addresses;
        }
    }

    public bool Forward(MemberId leader, ForwardedCommand command) =>
        !_isIsolated && _network.Send(leader, PeerBytes.Write(command));

    public void Tell(MemberId member, in StateOpinion opinion) => Send(member, PeerBytes.Write(opinion));

    public void Answer(MemberId sender, ForwardedAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var parcel = ForwardedAnswers.Write(answer);
        if (_network.Send(sender, parcel) || parcel.Result.Length == 0) return;
        // An answer larger than a frame: its client is told that nobody knows, and finds out by reading.
        _network.Send(sender, parcel with { Result = [], HasResult = false });
    }

    public void Send(MemberId to, Parcel parcel)
    {
        ArgumentNullException.ThrowIfNull(parcel);
        if (_isIsolated)
        {
            // Whoever sends a snapshot waits for room; nobody else waits for anything.
            if (parcel.Link == LinkPurpose.Bulk) PeerLost(to);
            return;
        }

        // What its sender goes on to use must not change on its way.
        if (parcel is SnapshotPiece piece) parcel = piece with { Bytes = piece.Bytes.ToArray() };
        if (parcel.Link == LinkPurpose.Bulk) _bulk.Send(to, parcel);
        else _network.Send(to, parcel);
    }

    public void Believe(in Origin sender, Term term, LogIndex match)
    {
        lock (_judging) _judge.Believe(sender, term, match);
    }

    public Hello Greet()
    {
        // The one time it was said the inbox may have been full.
        if (_isRemoved) Post(new ToldOfRemoval(_self));
        return Self();
    }

    public HelloVerdict Judge(in PeerHello hello)
    {
        HelloVerdict verdict;
        bool isNewBoot;
        lock (_judging)
        {
            verdict = _judge.Judge(hello, _configuration, out isNewBoot, out var isNewcomer);
            if (isNewcomer) ReachAll();
        }

        var origin = hello.Hello.Origin;
        if (isNewBoot) _remember(new SeenPeer(origin.Member, origin.Incarnation, origin.Boot));
        return verdict;
    }

    public void Receive(in Origin origin, IncomingMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_isIsolated) return;
        Post(new PeerMessage(origin, message.Message, message.Entries, message.Payloads, message.Configurations));
    }

    /// <summary>What a member said beside the messages of the core.</summary>
    public void Receive(in Origin origin, Parcel parcel)
    {
        if (_isIsolated) return;
        if (PeerBytes.Read(origin, parcel) is { } input) Post(input);
        else Snapshots(origin.Member, parcel);
    }

    public void Lose(MemberId peer)
    {
        Post(new PeerLost(peer));
        PeerLost(peer);
    }

    public ValueTask<FoundingAnswer?> AnswerAsync(Parcel asked, CancellationToken stop) =>
        asked is FoundingAsk ask ? new(Founding(ask)) : new((FoundingAnswer?)null);

    public void BeRefused(MemberId by, HelloVerdict verdict)
    {
        _note($"{by} does not take our calls: {verdict}");
        if (verdict == HelloVerdict.Removed)
        {
            _isRemoved = true;
            Post(new ToldOfRemoval(by));
        }

        if (verdict == HelloVerdict.WrongIncarnation)
        {
            _fatal(new NodeStartException(
                $"{_directory} is not the directory of {_self} any more.",
                $"{by} knows this member with another directory: it was replaced, or this one is a copy from somewhere else.",
                "remove this directory; balsa member ls says who belongs to the cluster"));
        }

        if (verdict is not (HelloVerdict.BootRolledBack or HelloVerdict.StateRolledBack)) return;
        // Somebody remembers more of us than our own disk does. To go on would be to forget promises.
        _fatal(new NodeStartException(
            $"{_directory} went back in time.",
            $"{by} has seen a later state of this member ({verdict}), so an old copy of the directory was put back.",
            "remove this member and add it again with an empty directory"));
    }

    public void Note(string line) => _note(line);
}

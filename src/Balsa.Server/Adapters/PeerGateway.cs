using System.Net;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp;

namespace Balsa.Server.Adapters;

/// <summary>Between a replica and its connections: encodes what leaves, judges who calls, and notices disks that went back in
/// time.</summary>
internal sealed class PeerGateway : IPeerNetwork, IPeerHandler, IAsyncDisposable
{
    private readonly PeerNetwork _network;
    private readonly NodeOptions _options;
    private readonly GroupId _group;
    private readonly Action<SeenPeer> _remember;
    private readonly Action<string> _note;
    private readonly Action<Exception> _fatal;
    private readonly PeerLedger _ledger = new();
    private readonly Lock _judging = new();
    private volatile Configuration _configuration = Configuration.Empty;

    internal PeerGateway(
        PeerNetworkOptions network, NodeOptions options, IEnumerable<SeenPeer> seen, Action<SeenPeer> remember, Action<string> note,
        Action<Exception> fatal)
    {
        (_options, _group, _remember, _note, _fatal) = (options, network.Group, remember, note, fatal);
        _network = new PeerNetwork(network, this);
        foreach (var peer in seen) _ledger.Restore(peer.Member, peer.Incarnation, peer.HighestBoot);
    }

    /// <summary>Who we are and how far; set before listening.</summary>
    internal Func<Hello> Self { get; set; } = () => throw new InvalidOperationException("The gateway was not given its member.");

    /// <summary>Where inputs go; false when they are lost.</summary>
    internal Func<ReplicaInput, bool> Post { get; set; } = _ => false;

    internal NetworkCounters Counters => _network.Counters;

    internal void Listen() => _network.Listen();

    internal bool IsUp(MemberId peer) => _network.IsUp(peer);

    public ValueTask DisposeAsync() => _network.DisposeAsync();

    public void Send(in Message message, ReadOnlySpan<ReplicaEntry> entries)
    {
        long bytes = 0;
        foreach (ref readonly var entry in entries) bytes += entry.Payload.Length;
        var encoder = MessageEncoder.Begin(message, entries.Length, bytes);
        foreach (ref readonly var entry in entries) encoder.Add(entry.Ref, entry.Payload.Span);
        _network.Send(message.To, encoder.Finish(_group));
    }

    /// <summary>The flags know the addresses of today; the log may remember those of an earlier start.</summary>
    public void Reach(Configuration configuration)
    {
        _configuration = configuration;
        var peers = new Dictionary<MemberId, IPEndPoint>();
        foreach (var member in configuration.Members)
        {
            var flag = _options.Members.FirstOrDefault(m => m.Id == member.Id);
            if (member.Id == _options.Id) continue;
            if (flag is not null) peers[member.Id] = flag.Peer;
            else if (IPEndPoint.TryParse(member.PeerUrls, out var address)) peers[member.Id] = address;
        }

        _network.Reach(peers);
    }

    public void Believe(MemberId member, Term term, LogIndex match)
    {
        lock (_judging) _ledger.Note(member, term, match);
    }

    public Hello Greet() => Self();

    public HelloVerdict Judge(in PeerHello hello)
    {
        var origin = hello.Hello.Origin;
        var expected = _configuration.Find(origin.Member)?.Incarnation ?? Incarnation.NotStarted;
        Admission admission;
        bool isNews;
        lock (_judging)
        {
            var before = _ledger.HighestBoot(origin.Member);
            admission = _ledger.Judge(hello.Hello, _group, expected, hello.Hello.Repairing);
            isNews = admission == Admission.Welcome && _ledger.HighestBoot(origin.Member) != before;
        }

        if (isNews) _remember(new SeenPeer(origin.Member, origin.Incarnation, origin.Boot));
        return admission switch
        {
            Admission.Welcome => HelloVerdict.Welcome,
            Admission.WrongGroup => HelloVerdict.WrongGroup,
            Admission.WrongIncarnation => HelloVerdict.WrongIncarnation,
            Admission.BootRolledBack => HelloVerdict.BootRolledBack,
            _ => HelloVerdict.StateRolledBack,
        };
    }

    public void Receive(in Origin origin, IncomingMessage message) =>
        Post(new PeerMessage(origin, message.Message, message.Entries, message.Payloads, message.Configurations));

    public void Lose(MemberId peer) => Post(new PeerLost(peer));

    public void BeRefused(MemberId by, HelloVerdict verdict)
    {
        _note($"{by} does not take our calls: {verdict}");
        if (verdict is not (HelloVerdict.BootRolledBack or HelloVerdict.StateRolledBack)) return;
        // Somebody remembers more of us than our own disk does. To go on would be to forget promises.
        _fatal(new NodeStartException(
            $"{_options.DataDirectory} went back in time.",
            $"{by} has seen a later state of this member ({verdict}), so an old copy of the directory was put back.",
            "remove this member and add it again with an empty directory"));
    }

    public void Note(string line) => _note(line);
}

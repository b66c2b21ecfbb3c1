using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.Node;
using Balsa.Node.Founding;
using Balsa.Node.Logs;
using Balsa.Node.Snapshots;
using Balsa.Node.Stores;
using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Hosting;
using Balsa.Server.Access;
using Balsa.Server.Clients;
using Balsa.Server.Compaction;
using Balsa.Server.Members;
using Balsa.Server.Protocol;
using Balsa.Server.Starting;
using Balsa.Storage;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp;

namespace Balsa.Server;

/// <summary>One node, put together: directory, log, replica, peers, clients. Everything else is in its parts.</summary>
public sealed class ServerNode : IAsyncDisposable
{
    private readonly NodeOptions _options;
    private readonly DirectoryIdentity _identity;
    private readonly RunningMember _member;
    private readonly ClientSide _clients;
    private readonly ViewGate _views;
    private readonly KeyValueMachine _machine;
    private readonly MemberChanges _changes;
    private readonly QuotaKeeper _quota;
    private readonly CancellationTokenSource _stopping = new();
    private Task _publishing = Task.CompletedTask;
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    private ServerNode(NodeOptions options, OpenedMember opened, Action<string> note, Action<Exception> fatal)
    {
        (_options, _identity) = (options, opened.Identity);
        var raft = RaftOptionsOf(options, opened.Directory.Log.Boot, _identity);
        var views = _views = new ViewGate();
        EntryBytesMax = raft.EntryBytesMax;
        var founded = opened.Note with { Incarnation = _identity.Incarnation };
        QuotaKeeper? quota = null;
        var desk = new FoundingDesk(founded, _identity.Cluster, _identity.Member, raft.FeatureLevel);
        var member = new MemberOptions
        {
            Replica = new ReplicaOptions { Raft = raft, LogBytesMax = options.LogBytesMax, Note = note, Diverged = _ => quota!.RaiseCorrupt() },
            Network = options.PeerLinks(new PeerNetworkOptions
            {
                Cluster = _identity.Cluster, Self = _identity.Member, Group = raft.Group, Listen = options.ListenPeer,
                PeerUrls = options.Founding.PeerUrls, IsGivenItsCalls = options.HasOnePort,
                BodyBytesMax = MessageLayout.BodyBytesMax(raft),
            }),
            Snapshots = new SnapshotShelfOptions { Retention = options.Retention },
            AddressesOf = AddressesOf, AnswerFounding = desk.Answer,
            FirstContacts = founded.Record?.Configuration ?? Configuration.Empty,
        };
        var machine = _machine = new KeyValueMachine(views);
        _member = new RunningMember(member, opened.Directory, machine, note, fatal);
        _changes = new MemberChanges(_member.Pump, _identity.Member, options.ElectionTimeout, ClientAddressOf);
        quota = _quota = new QuotaKeeper(new Quota(options.QuotaBytes), () => machine.Sizes, _member.Pump, _identity.Member);
        var parts = new NodeParts
        {
            Quota = quota, Pump = _member.Pump, Views = views, Sizes = () => machine.Sizes, Alarms = () => machine.Alarms,
            Term = () => _member.Replica.Published.Term,
            Describe = Describe, Cluster = _identity.Cluster, Member = _identity.Member, EntryBytesMax = raft.EntryBytesMax,
            Members = _changes, RequestMax = TimeSpan.FromSeconds(5) + 2 * options.ElectionTimeout,
        };
        var frames = new RequestHandler(
            _member.Pump, views, quota, raft.EntryBytesMax, ClientAddressOf, Describe, Isolate, _changes);
        _clients = new ClientSide(options.ListenClient, parts, frames, note)
        {
            MoreServices = options.MoreServices, Members = options.HasOnePort ? _member.Peers.Serve : null,
        };
    }

    /// <summary>Founds or joins a cluster if the directory is empty, which takes as long as the peers take; then starts.</summary>
    /// <param name="note">Lines for the operator.</param>
    /// <param name="fatal">The node cannot go on; the process must end at once, and not with success.</param>
    /// <exception cref="NodeStartException">What is wrong, why, and what to do.</exception>
    /// <exception cref="OperationCanceledException">It was stopped while it waited for peers.</exception>
    public static async Task<ServerNode> StartAsync(
        NodeOptions options, Action<string> note, Action<Exception> fatal, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(note);
        var opened = await new DirectoryStart(options, note).OpenAsync(stop);
        try
        {
            var node = new ServerNode(options, opened, note, fatal);
            node._member.Start();
            node._clients.Start();
            node._publishing = Task.WhenAll(
                node.PublishAsync(note),
                Compactor.RunAsync(options.Compaction, node._member.Pump, node.RevisionNow, note, node._stopping.Token));
            return node;
        }
        catch (Exception problem) when (Explain(options, problem) is not null)
        {
            opened.Directory.Dispose();
            throw Explain(options, problem)!;
        }
    }

    /// <summary>For whoever serves other protocols beside the client port; it is not theirs to end.</summary>
    public RunningMember Member => _member;

    /// <summary>The store, as it is applied.</summary>
    public ViewGate Views => _views;

    /// <summary>One entry of the log with what goes around it.</summary>
    public int EntryBytesMax { get; }

    /// <summary>Whether the quota of the store has room for a command; raises the alarm if not.</summary>
    public bool HasRoomFor(CommandKind kind, ReadOnlySpan<byte> entry) => _quota.Allows(kind, entry);

    /// <summary>Ends when the cluster has removed this member, which then has nothing left to do.</summary>
    public Task Removed => _member.Pump.Removed;

    /// <summary>Hands leadership over, answers everyone who waits, and closes the log so that the next start knows.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _publishing;
        await _clients.StopAcceptingAsync();
        await _member.Pump.DisposeAsync();
        await _clients.DisposeAsync();
        await _member.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task PublishAsync(Action<string> note)
    {
        var founding = _options.Founding;
        try
        {
            await Publication.RunAsync(
                _changes, () => _member.Peers.Configuration, _identity.Member, founding.Name, founding.ClientUrls,
                _options.LeaseReads, _stopping.Token);
            note($"published name {founding.Name} and client URLs {founding.ClientUrls} to cluster {_identity.Cluster:x16}");
        }
        catch (OperationCanceledException)
        {
            // The node stops; the next start says it again.
        }
    }

    private static NodeStartException? Explain(NodeOptions options, Exception problem) => problem switch
    {
        SocketException => new NodeStartException(
            $"the node cannot listen on {options.ListenPeer} and {options.ListenClient}.", problem.Message,
            "choose other ports, or stop what uses them", problem),
        ImpossibleOptionException => new NodeStartException(
            "the node's options cannot work.", problem.Message, "balsa server --help", problem),
        StorageException or UnreadableLogException or UnusableEntryException => new NodeStartException(
            "the node cannot read its log.", problem.Message, $"balsa doctor data {options.DataDirectory}", problem),
        _ => null,
    };

    private static RaftOptions RaftOptionsOf(NodeOptions options, Boot boot, DirectoryIdentity identity) => new()
    {
        Self = identity.Member, Incarnation = identity.Incarnation, Boot = boot,
        Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
        HeartbeatInterval = options.HeartbeatInterval, ElectionTimeout = options.ElectionTimeout,
    };

    /// <summary>The flags know addresses of today, by name; the log remembers what the cluster agreed on. Both are tried.</summary>
    private IReadOnlyList<EndPoint> AddressesOf(Member member)
    {
        var flags = _options.Founding.Peers.Find(member.Name)?.Addresses ?? [];
        return PeerUrls.TryParse(member.PeerUrls, out var agreed, out _) ? [.. flags.Union(agreed)] : flags;
    }

    private string? ClientAddressOf(MemberId member) =>
        _member.Peers.Configuration.Find(member) is { ClientUrls.Length: > 0 } found ? ClientUrls.First(found.ClientUrls) : null;

    /// <summary>False when nobody may do that to this node.</summary>
    private bool Isolate(bool yes)
    {
        if (!_options.AllowFaults) return false;
        _member.Peers.IsIsolated = yes;
        return true;
    }

    private NodeStatus Describe(ReplicaStatus status)
    {
        var members = new List<MemberStatus>();
        foreach (var member in status.Configuration.Members)
        {
            members.Add(new MemberStatus(
                member.Id.Value, member.Name, member.Role.ToString(), ClientUrls.First(member.PeerUrls),
                ClientUrls.First(member.ClientUrls),
                member.Id == _identity.Member || _member.Peers.IsUp(member.Id)));
        }

        return new NodeStatus
        {
            Name = _options.Founding.Name, Id = _identity.Member.Value, Cluster = _identity.Cluster.ToString("x16"),
            Pid = Environment.ProcessId,
            Boot = _member.Replica.Self.Boot.Value, Role = status.Role.ToString(), Term = status.HardState.Term.Value,
            Leader = status.Configuration.Find(status.Leader)?.Name ?? "", LastIndex = status.Last.Index.Value,
            CommitIndex = status.Commit.Value, AppliedIndex = status.Applied.Value, DurableIndex = status.Durable.Value,
            LogBytes = status.LogBytes, FramesDropped = _member.Peers.Counters.Dropped,
            UptimeSeconds = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, Members = members,
            Revision = RevisionNow(), SnapshotIndex = status.Snapshot.Index.Value, LogBase = status.LogBase.Index.Value,
            Aside = status.Aside, SkipCommand = status.Poisoned?.Command, Alarms = Alarms(status), Repairing = status.Mode != RecoveryMode.Intact, Isolated = _member.Peers.IsIsolated,
            Followers = [.. status.Peers.Select(peer => FollowerOf(peer, status.Now))],
        };
    }

    private List<string> Alarms(ReplicaStatus status) =>
        [.. _machine.Alarms.Select(alarm => $"{AlarmTexts.NameOf(alarm.Type)} "
            + (status.Configuration.Find(new MemberId(alarm.Member))?.Name ?? $"member {alarm.Member}"))];

    private long RevisionNow()
    {
        using var reader = _views.Enter();
        return reader.View.Revision;
    }

    private static FollowerStatus FollowerOf(PeerStatus peer, long now) => new(
        peer.Member.Value, peer.Match.Value, new TimeSpan(now - peer.HeardAt).TotalMilliseconds, peer.Replicating, peer.NeedsSnapshot,
        peer.NotCounted, peer.DiskSlow);
}

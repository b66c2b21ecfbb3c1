using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Balsa.KeyValue.Store;
using Balsa.Node;
using Balsa.Node.Logs;
using Balsa.Node.Peers;
using Balsa.Node.Snapshots;
using Balsa.Node.Stores;
using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Contracts;
using Balsa.Replica.Hosting;
using Balsa.Server.Access;
using Balsa.Server.Clients;
using Balsa.Server.Protocol;
using Balsa.Storage;
using Balsa.Storage.Disks;
using Balsa.Storage.Opening;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp;

namespace Balsa.Server;

/// <summary>One node, put together: directory, log, replica, peers, clients. Everything else is in its parts.</summary>
public sealed class ServerNode : IAsyncDisposable
{
    private readonly NodeOptions _options;
    private readonly RunningMember _member;
    private readonly ClientSide _clients;
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    private ServerNode(NodeOptions options, DataDirectory directory, Action<string> note, Action<Exception> fatal)
    {
        _options = options;
        var raft = RaftOptionsOf(options, directory.Log.Boot);
        var views = new ViewGate();
        var member = new MemberOptions
        {
            Replica = new ReplicaOptions { Raft = raft, LogBytesMax = options.LogBytesMax, Note = note },
            Network = new PeerNetworkOptions
            {
                Cluster = options.Cluster, Self = options.Id, Group = raft.Group, Listen = options.ListenPeer,
                BodyBytesMax = MessageLayout.BodyBytesMax(raft),
            },
            Snapshots = new SnapshotShelfOptions { Retention = options.Retention },
            AddressOf = AddressOf,
        };
        var machine = new KeyValueMachine(views);
        _member = new RunningMember(member, directory, machine, note, fatal);
        var quota = new QuotaKeeper(new Quota(options.QuotaBytes), () => machine.Sizes, _member.Pump, options.Id);
        var parts = new NodeParts
        {
            Quota = quota, Pump = _member.Pump, Views = views, Sizes = () => machine.Sizes, Term = () => _member.Replica.Published.Term,
            Describe = Describe, Cluster = options.Cluster, Member = options.Id, EntryBytesMax = raft.EntryBytesMax,
            RequestMax = TimeSpan.FromSeconds(5) + 2 * options.ElectionTimeout,
        };
        var frames = new RequestHandler(_member.Pump, views, quota, raft.EntryBytesMax, ClientAddressOf, Describe);
        _clients = new ClientSide(options.ListenClient, parts, frames, note);
    }

    /// <param name="note">Lines for the operator.</param>
    /// <param name="fatal">The node cannot go on; the process must end at once, and not with success.</param>
    /// <exception cref="NodeStartException">What is wrong, why, and what to do.</exception>
    public static ServerNode Start(NodeOptions options, Action<string> note, Action<Exception> fatal)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directory = OpenDirectory(options);
        try
        {
            Tell(directory, note);
            var node = new ServerNode(options, directory, note, fatal);
            node._member.Start();
            node._clients.Start();
            return node;
        }
        catch (SocketException taken)
        {
            directory.Dispose();
            throw new NodeStartException(
                $"the node cannot listen on {options.ListenPeer} and {options.ListenClient}.", taken.Message,
                "choose other ports, or stop what uses them", taken);
        }
        catch (ImpossibleOptionException impossible)
        {
            directory.Dispose();
            throw new NodeStartException("the node's options cannot work.", impossible.Message, "balsa server --help", impossible);
        }
        catch (Exception unreadable) when (unreadable is StorageException or UnreadableLogException or UnusableEntryException)
        {
            directory.Dispose();
            throw new NodeStartException(
                "the node cannot read its log.", unreadable.Message, $"balsa doctor data {options.DataDirectory}", unreadable);
        }
    }

    /// <summary>Hands leadership over, answers everyone who waits, and closes the log so that the next start knows.</summary>
    public async ValueTask DisposeAsync()
    {
        await _clients.StopAcceptingAsync();
        await _member.Pump.DisposeAsync();
        await _clients.DisposeAsync();
        await _member.DisposeAsync();
    }

    private static void Tell(DataDirectory directory, Action<string> note)
    {
        if (StorageMedium.WarningFor(directory.Path) is { } warning) note($"warning: {warning}");
        var log = directory.Log;
        if (log.CutBytes > 0) note("cut an unfinished batch off the log; nobody had been told that it was stored");
        if (log.Damage is { } damage) note($"the log is damaged: {damage.File} at byte {damage.Offset}: {damage.What}");
        if (log.Lost is not { } lost) return;
        note(lost.HardStateIsLost
            ? "term or vote is lost: this directory never votes or counts again; replace this member"
            : $"entries from {lost.First} on are missing and are fetched from the others; until then this member does not count");
    }

    private static DataDirectory OpenDirectory(NodeOptions options)
    {
        var self = options.Self ?? throw new NodeStartException(
            $"member {options.Id.Value} is not in the list of members.", "A node must be one of the members it is told of.",
            "add it to --members, or correct --id");
        try
        {
            var founding = Configuration.Found(options.Members.Select(member => new Member
            {
                Id = member.Id, Incarnation = member.Incarnation, Role = MemberRole.Voter, Name = member.Name,
                PeerUrls = member.Peer.ToString(), ClientUrls = member.Client.ToString(),
            }));
            var directory = DataDirectory.Open(new OpeningOptions
            {
                Path = options.DataDirectory, Owner = new DirectoryIdentity(options.Cluster, self.Id, self.Incarnation),
                Founding = founding, Wal = options.Wal,
            });
            if (SameMembers(directory.Log.BaseConfiguration, founding)) return directory;
            directory.Dispose();
            throw new NodeStartException(
                $"{options.DataDirectory} was founded with other members than --members names.",
                $"It knows {directory.Log.BaseConfiguration}.", "start it with the list it was founded with");
        }
        catch (Exception problem) when (problem is StorageException or ImpossibleConfigurationException)
        {
            throw new NodeStartException("the node cannot start.", problem.Message, "balsa server --help", problem);
        }
    }

    /// <summary>Addresses may change from start to start; who belongs to the cluster may not.</summary>
    private static bool SameMembers(Configuration a, Configuration b)
    {
        if (a.Members.Length != b.Members.Length) return false;
        for (var i = 0; i < a.Members.Length; i++)
            if (a.Members[i].Id != b.Members[i].Id || a.Members[i].Incarnation != b.Members[i].Incarnation) return false;
        return true;
    }

    private static RaftOptions RaftOptionsOf(NodeOptions options, Boot boot) => new()
    {
        Self = options.Id, Incarnation = options.Self!.Incarnation, Boot = boot,
        Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
        HeartbeatInterval = options.HeartbeatInterval, ElectionTimeout = options.ElectionTimeout,
    };

    private string? ClientAddressOf(MemberId member) =>
        member.IsNone ? null : _options.Members.FirstOrDefault(m => m.Id == member)?.Client.ToString();

    /// <summary>The flags know the addresses of today; the log may remember those of an earlier start.</summary>
    private IPEndPoint? AddressOf(Member member)
    {
        if (_options.Members.FirstOrDefault(m => m.Id == member.Id) is { } flag) return flag.Peer;
        return IPEndPoint.TryParse(member.PeerUrls, out var address) ? address : null;
    }

    private NodeStatus Describe(ReplicaStatus status)
    {
        var members = new List<MemberStatus>();
        foreach (var member in status.Configuration.Members)
        {
            var flag = _options.Members.FirstOrDefault(m => m.Id == member.Id);
            members.Add(new MemberStatus(
                member.Id.Value, member.Name, member.Role.ToString(), flag?.Peer.ToString() ?? member.PeerUrls,
                flag?.Client.ToString() ?? member.ClientUrls, member.Id == _options.Id || _member.Peers.IsUp(member.Id)));
        }

        return new NodeStatus
        {
            Name = _options.Self!.Name, Id = _options.Id.Value, Cluster = _options.Cluster.ToString("x16"), Pid = Environment.ProcessId,
            Boot = _member.Replica.Self.Boot.Value, Role = status.Role.ToString(), Term = status.HardState.Term.Value,
            Leader = status.Configuration.Find(status.Leader)?.Name ?? "", LastIndex = status.Last.Index.Value,
            CommitIndex = status.Commit.Value, AppliedIndex = status.Applied.Value, DurableIndex = status.Durable.Value,
            LogBytes = status.LogBytes, FramesDropped = _member.Peers.Counters.Dropped,
            UptimeSeconds = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, Members = members,
        };
    }
}

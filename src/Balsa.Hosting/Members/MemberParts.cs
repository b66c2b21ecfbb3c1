using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Balsa.Node;
using Balsa.Node.Snapshots;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Contracts;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Snapshots.Retention;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp;
using Balsa.Transport.Tcp.Streams;

namespace Balsa.Hosting.Members;

/// <summary>What a member does with the news of its parts.</summary>
internal sealed record MemberEvents(Action<string> Note, Action<Exception> Fatal, Action<Role, MemberId, Term> RoleChanged);

/// <summary>From settings to a member that runs.</summary>
internal static class MemberParts
{
    /// <exception cref="NodeStartException">What is wrong, why, and what to do.</exception>
    internal static RunningMember Start(RaftSettings settings, IStateMachine machine, IPeerStreams streams, MemberEvents events)
    {
        var founding = PeerAddresses.FoundingOf(settings);
        var self = founding.Members.ToArray().Single(member => string.Equals(member.Name, settings.NodeId, StringComparison.Ordinal));
        var directory = Open(settings, founding, self);
        try
        {
            var member = new RunningMember(
                OptionsOf(settings, self, directory.Log.Boot, streams, events), directory, machine, events.Note, events.Fatal);
            member.Start();
            return member;
        }
        catch (SocketException taken)
        {
            directory.Dispose();
            throw new NodeStartException(
                $"{settings.NodeId} cannot listen on {PeerAddresses.ListenOf(settings)}.", taken.Message,
                "choose another port in Peers or Listen, or stop what uses it", taken);
        }
        catch (Exception unreadable) when (unreadable is StorageException or UnreadableLogException or UnusableEntryException)
        {
            directory.Dispose();
            throw new NodeStartException(
                $"{settings.NodeId} cannot use what lies in {settings.DataDirectory}.", unreadable.Message,
                $"look at it with: balsa doctor data {settings.DataDirectory}", unreadable);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static DataDirectory Open(RaftSettings settings, Configuration founding, Member self)
    {
        DataDirectory directory;
        try
        {
            directory = DataDirectory.Open(new OpeningOptions
            {
                Path = settings.DataDirectory, Founding = founding, Wal = new WalOptions { SegmentBytes = settings.SegmentBytes },
                Owner = new DirectoryIdentity(PeerAddresses.ClusterOf(settings), self.Id, self.Incarnation),
            });
        }
        catch (StorageException problem)
        {
            throw new NodeStartException(
                $"{settings.NodeId} cannot use the directory {settings.DataDirectory}.", problem.Message,
                "choose another DataDirectory, or correct NodeId, Peers and Cluster to what they were", problem);
        }

        var known = directory.Log.BaseConfiguration;
        if (Names(known) == Names(founding)) return directory;
        directory.Dispose();
        throw new NodeStartException(
            $"{settings.DataDirectory} belongs to a cluster of {Names(known)}.", $"Peers names {Names(founding)}.",
            "write the names that the cluster was founded with; only addresses may change");
    }

    private static MemberOptions OptionsOf(RaftSettings settings, Member self, Boot boot, IPeerStreams streams, MemberEvents events)
    {
        var raft = new RaftOptions
        {
            Self = self.Id, Incarnation = self.Incarnation, Boot = boot,
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))), HeartbeatInterval = settings.Heartbeat,
            ElectionTimeout = settings.ElectionTimeout, EntriesKeptBehindSnapshot = settings.EntriesKept,
            EntriesKeptForLaggards = Math.Max(settings.EntriesKept, 16 * settings.EntriesKept),
        };
        return new MemberOptions
        {
            Replica = new ReplicaOptions { Raft = raft, Note = events.Note, RoleChanged = events.RoleChanged },
            Network = new PeerNetworkOptions
            {
                Cluster = PeerAddresses.ClusterOf(settings), Self = self.Id, Group = raft.Group,
                Listen = PeerAddresses.ListenOf(settings)!, BodyBytesMax = MessageLayout.BodyBytesMax(raft), Streams = streams,
            },
            Snapshots = new SnapshotShelfOptions { Retention = new RetentionOptions { SnapshotCount = settings.SnapshotEvery } },
            AddressesOf = member => PeerAddresses.AddressesOf(settings, member),
        };
    }

    private static string Names(Configuration configuration) =>
        string.Join(", ", configuration.Members.ToArray().Select(member => member.Name).Order(StringComparer.Ordinal));
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Transport.Tcp;

namespace Balsa.Hosting.Members;

/// <summary>The list of peers as consensus knows them. Every member makes the same of the same list, without asking.</summary>
internal static class PeerAddresses
{
    internal static Configuration FoundingOf(RaftSettings settings)
    {
        var members = new List<Member>();
        foreach (var name in settings.Peers.Keys.Order(StringComparer.Ordinal))
        {
            members.Add(new Member
            {
                Id = new MemberId((ulong)members.Count + 1), Incarnation = new Incarnation(NumberOf($"{settings.Cluster}/{name}")),
                Role = MemberRole.Voter, Name = name, PeerUrls = settings.Peers[name],
            });
        }

        return Configuration.Found(members);
    }

    internal static ulong ClusterOf(RaftSettings settings) => NumberOf(settings.Cluster);

    internal static IReadOnlyList<EndPoint> AddressesOf(RaftSettings settings, Member member)
    {
        var text = settings.Peers.GetValueOrDefault(member.Name, member.PeerUrls);
        return PeerUrls.TryParse(text, out var addresses, out _) ? addresses : [];
    }

    /// <summary>Null when the settings do not say it.</summary>
    internal static IPEndPoint? ListenOf(RaftSettings settings)
    {
        if (settings.Listen is { } listen) return IPEndPoint.TryParse(listen, out var address) ? address : null;
        if (!PeerUrls.TryParse(settings.Peers[settings.NodeId], out var own, out _)) return null;
        return own[0] switch
        {
            IPEndPoint address => address,
            DnsEndPoint { Host: "localhost" } name => new IPEndPoint(IPAddress.Loopback, name.Port),
            _ => null,
        };
    }

    /// <summary>From a text to a number above 0 that another text has no chance to get.</summary>
    private static ulong NumberOf(string text) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text))) | 1;
}

using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Balsa.Transport.Tcp;

namespace Balsa.Node.Founding;

/// <summary>One peer that a cluster is to be founded with.</summary>
public sealed record FoundingPeer(string Name, string Urls)
{
    public IReadOnlyList<EndPoint> Addresses => PeerUrls.TryParse(Urls, out var addresses, out _) ? addresses : [];

    /// <summary>Whether one of the addresses is the same, however it is written.</summary>
    public static bool Meet(string urls, string others) =>
        PeerUrls.TryParse(urls, out var some, out _) && PeerUrls.TryParse(others, out var more, out _) && some.Intersect(more).Any();
}

/// <summary>
/// The list of peers, the same on all of them: <c>n1=http://10.0.0.1:2380,n2=http://10.0.0.2:2380</c>. A name that stands there twice
/// has two addresses. Their order is that of their names, whatever order they were written in.
/// </summary>
public sealed class FoundingPeers
{
    private FoundingPeers(IReadOnlyList<FoundingPeer> peers)
    {
        All = peers;
        Digest = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())));
    }

    public IReadOnlyList<FoundingPeer> All { get; }

    /// <summary>Two lists are the same when their digests are.</summary>
    public ulong Digest { get; }

    public FoundingPeer? Find(string name) => All.FirstOrDefault(peer => peer.Name == name);

    /// <param name="problem">What is wrong and how to write it.</param>
    public static FoundingPeers? TryParse(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var taken = new HashSet<EndPoint>();
        foreach (var one in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) return Wrong($"\"{one}\" is no peer. Write NAME=URL, such as n1=http://10.0.0.1:2380.", out problem);
            var (name, url) = (one[..equals], one[(equals + 1)..].TrimEnd('/'));
            if (!PeerUrls.TryParse(url, out var addresses, out problem)) return null;
            if (!addresses.All(taken.Add)) return Wrong($"The address {url} stands there twice, and one address is one peer.", out problem);
            if (!found.TryGetValue(name, out var urls)) found[name] = urls = new SortedSet<string>(StringComparer.Ordinal);
            urls.Add(url);
        }

        problem = "The list is empty. Name at least this node itself.";
        return found.Count == 0 ? null
            : new FoundingPeers([.. found.Select(one => new FoundingPeer(one.Key, string.Join(',', one.Value)))]);
    }

    public override string ToString() =>
        string.Join(',', All.SelectMany(peer => peer.Urls.Split(',').Select(url => $"{peer.Name}={url}")));

    private static FoundingPeers? Wrong(string why, out string problem)
    {
        problem = why;
        return null;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Balsa.Raft.Identity;

namespace Balsa.Server;

/// <summary>One member of a cluster that is being founded, and where it listens: <c>n1=1:INCARNATION@PEER/CLIENT</c>.</summary>
public sealed record MemberAddress(string Name, MemberId Id, Incarnation Incarnation, IPEndPoint Peer, IPEndPoint Client)
{
    public const string Form = "NAME=ID:INCARNATION@PEER_IP:PORT/CLIENT_IP:PORT";

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}={Id.Value}:{Incarnation.Value:x}@{Peer}/{Client}");

    public static bool TryParse(string text, [NotNullWhen(true)] out MemberAddress? address)
    {
        address = null;
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal), at = text.LastIndexOf('@'), slash = text.LastIndexOf('/');
        if (equals < 1 || at < equals || slash < at) return false;
        var ids = text[(equals + 1)..at].Split(':');
        if (ids.Length != 2 || !ulong.TryParse(ids[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || id == 0) return false;
        if (!ulong.TryParse(ids[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var incarnation)
            || incarnation == 0) return false;
        if (!IPEndPoint.TryParse(text.AsSpan(at + 1, slash - at - 1), out var peer) || peer.Port == 0) return false;
        if (!IPEndPoint.TryParse(text.AsSpan(slash + 1), out var client) || client.Port == 0) return false;
        address = new MemberAddress(text[..equals], new MemberId(id), new Incarnation(incarnation), peer, client);
        return true;
    }
}

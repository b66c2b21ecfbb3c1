using System.Globalization;
using System.Net;

namespace Balsa.Transport.Tcp;

/// <summary>Addresses of members as people write them: <c>http://10.0.0.1:2380,http://node-1.example:2380,[::1]:2380</c>.</summary>
public static class PeerUrls
{
    /// <param name="problem">For the operator: what is wrong, why, and what to write instead.</param>
    public static bool TryParse(string text, out IReadOnlyList<EndPoint> addresses, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (addresses, problem) = ([], "");
        var found = new List<EndPoint>();
        foreach (var one in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (ParseOne(one, out problem) is not { } address) return false;
            found.Add(address);
        }

        addresses = found;
        return true;
    }

    private static EndPoint? ParseOne(string text, out string problem)
    {
        problem = "";
        var rest = text;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            if (text[..scheme] is not ("http" or "https")) return Wrong(text, $"members do not speak \"{text[..scheme]}\"", out problem);
            rest = text[(scheme + 3)..];
        }

        if (rest.EndsWith('/')) rest = rest[..^1];
        var colon = rest.LastIndexOf(':');
        if (colon < 0 || rest.EndsWith(']')) return Wrong(text, "it has no port", out problem);
        if (!ushort.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return Wrong(text, $"\"{rest[(colon + 1)..]}\" is no port from 1 to 65535", out problem);
        return ParseHost(text, rest[..colon], port, out problem);
    }

    private static EndPoint? ParseHost(string text, string host, int port, out string problem)
    {
        problem = "";
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        var name = isBracketed ? host[1..^1] : host;
        if (!isBracketed && name.Contains(':', StringComparison.Ordinal))
            return Wrong(text, "an IPv6 address must stand in brackets", out problem);
        switch (Uri.CheckHostName(name))
        {
            case UriHostNameType.IPv4 when !isBracketed:
            case UriHostNameType.IPv6 when isBracketed:
                return new IPEndPoint(IPAddress.Parse(name), port);
            case UriHostNameType.Dns when !isBracketed:
                return new DnsEndPoint(name, port);
            default:
                return Wrong(text, $"\"{host}\" is neither an address nor a host name", out problem);
        }
    }

    private static EndPoint? Wrong(string text, string why, out string problem)
    {
        problem = $"\"{text}\" is not an address of a member: {why}. Write it like http://10.0.0.1:2380, node-1:2380 or [::1]:2380.";
        return null;
    }
}

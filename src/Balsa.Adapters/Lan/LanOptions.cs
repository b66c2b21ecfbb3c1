using System.Globalization;
using Balsa.Node;

namespace Balsa.Adapters.Lan;

/// <summary>One server on a LAN whose hub listens on loopback.</summary>
public sealed record LanOptions
{
    private const int ServersMax = 64;

    public required int HubPort { get; init; }

    /// <summary>What this server is called.</summary>
    public required string Name { get; init; }

    /// <summary>All servers, this one too, in an order that is the same on each.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    public required string DataDirectory { get; init; }

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    public LanForm Form { get; init; }

    /// <summary>Names as the course gives them to a server: its own, then those of the others.</summary>
    /// <exception cref="NodeStartException">They are no such names.</exception>
    public static (string Name, IReadOnlyList<string> Servers) NamesOf(string own, IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        string[] all = [own, .. others];
        foreach (var name in all)
        {
            var isHex = ulong.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
            if (!isHex || name!.Length > 8)
                throw new NodeStartException(
                    $"\"{name}\" is no name on this LAN.", "Servers have hexadecimal numbers, four digits each.",
                    "balsa lan 5001 0000 0001 0002");
        }

#pragma warning disable CA1308 // The course writes them in lower case.
        var servers = all.Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (servers.Length == all.Length && servers.Length <= ServersMax) return (own.ToLowerInvariant(), servers);
#pragma warning restore CA1308
        throw new NodeStartException(
            servers.Length > ServersMax ? $"{servers.Length} servers are too many." : "A server is named twice.",
            $"A LAN has at most {ServersMax} servers, each with a name of its own.", "balsa lan 5001 0000 0001 0002");
    }
}

using System.Net;

namespace Balsa.Adapters.Controller;

/// <summary>Where a node takes a controller's datagrams, from whom, and how it speaks.</summary>
public sealed record ControllerOptions
{
    public const int PortByDefault = 5555;

    public required IPEndPoint Listen { get; init; }

    /// <summary>Networks from which datagrams are taken; empty for all.</summary>
    public IReadOnlyList<IPNetwork> Allowed { get; init; } = [];

    /// <summary>Whoever does not know it is a stranger; null lets everybody in whom the addresses let in.</summary>
    public string? Secret { get; init; }

    /// <summary>Answers go to port 5555 of the host that has the sender's name, for controllers that listen on another socket.</summary>
    public bool RepliesByName { get; init; }

    public DialectOptions Dialect { get; init; } = new();

    /// <summary>The group to listen in as well; null for none.</summary>
    public GroupOptions? Group { get; init; }

    /// <summary>Requests that are under way at the same time; more are dropped, as a full network would.</summary>
    public int UnderWayMax { get; init; } = 256;
}

/// <summary>A multicast group, and the interface by which it is reached.</summary>
public sealed record GroupOptions(IPEndPoint Group, IPAddress Interface)
{
    public static IPAddress GroupByDefault { get; } = IPAddress.Parse("224.1.1.1");
}

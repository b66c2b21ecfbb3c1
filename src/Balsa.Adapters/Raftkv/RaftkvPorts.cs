using System.Net;
using Balsa.Transport.Codec;

namespace Balsa.Adapters.Raftkv;

/// <summary>From which port a server dials another one.</summary>
public enum SourcePortRule
{
    /// <summary>As the course's harness computes it, so that its filters hit the connection that they mean.</summary>
    Harness = 0,

    /// <summary>As one team wrote it down: a server has no port for itself.</summary>
    SkipSelf,

    /// <summary>Whichever is free.</summary>
    None,
}

/// <summary>
/// Where the servers of a cluster listen and from where they dial. Server 1 listens on the base port, 9001 by default; the ports
/// that they dial from lie 2001 below, each server's in a row.
/// </summary>
/// <param name="Size">How many servers the cluster was started with; the rule counts with it for ever.</param>
public sealed record RaftkvPorts(int BasePort, int Size, SourcePortRule Rule = SourcePortRule.Harness)
{
    public const int BaseByDefault = 9001;

    /// <summary>A pattern for server 1 would also match server 10, so the course's kills are defined for one digit.</summary>
    public const int ServersMax = 9;
    private const int FromBaseToSources = 2001;

    public IPEndPoint AddressOf(int server) => new(IPAddress.Loopback, BasePort + server - 1);

    public string UrlOf(int server) => $"http://{AddressOf(server)}";

    /// <summary>0 when any will do.</summary>
    public int SourcePort(int source, int target)
    {
        var first = BasePort - FromBaseToSources + (source - 1) * Size;
        return Rule switch
        {
            SourcePortRule.Harness => first + target,
            SourcePortRule.SkipSelf => first + (target < source ? target : target - 1),
            _ => 0,
        };
    }

    /// <summary>
    /// The source for a connection to another server. Each server has one port for each other one, and what is not consensus has
    /// the same port of another loopback address, so a filter of ports hits all of them.
    /// </summary>
    public IPEndPoint? SourceOf(int source, LinkPurpose purpose, IPEndPoint target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var server = target.Port - BasePort + 1;
        if (Rule == SourcePortRule.None || server is < 1 or > ServersMax || !OperatingSystem.IsLinux()) return null;
        var address = purpose switch { LinkPurpose.Consensus => 1, LinkPurpose.Bulk => 2, _ => 3 };
        return new IPEndPoint(new IPAddress([127, 0, 0, (byte)address]), SourcePort(source, server));
    }

    /// <summary>As servers are called in files and answers.</summary>
    public static string NameOf(int server) => $"server{server}";
}

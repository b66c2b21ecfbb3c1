using System.Net;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Nodes;

namespace Balsa.Adapters.Calling;

/// <summary>The nodes that a controller knows, by name.</summary>
public sealed class CalledNodes
{
    private readonly List<(string Name, IPEndPoint Address)> _nodes;

    private CalledNodes(IEnumerable<(string, IPEndPoint)> nodes) => _nodes = [.. nodes];

    public IReadOnlyList<string> Names => [.. _nodes.Select(node => node.Name)];

    public IReadOnlyList<IPEndPoint> Addresses => [.. _nodes.Select(node => node.Address)];

    public IPEndPoint? Find(string name) => _nodes.Find(node => DialectNames.Match(node.Name, name)).Address;

    public string NameOf(IPEndPoint address) => _nodes.Find(node => node.Address.Equals(address)).Name ?? $"{address}";

    /// <param name="text"><c>Node1=10.0.0.1:5555,Node2=host</c>; a bare word is the name of a host as well.</param>
    /// <returns>Null when it cannot be understood, and why.</returns>
    public static CalledNodes? TryParse(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var nodes = new List<(string, IPEndPoint)>();
        foreach (var one in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = one.Split('=', 2);
            if (AddressOf(parts[^1], out problem) is not { } address) return null;
            nodes.Add((DialectNames.ToController(parts[0]), address));
        }

        problem = nodes.Count > 0 ? "" : "It names no node.";
        return nodes.Count > 0 ? new CalledNodes(nodes) : null;
    }

    private static IPEndPoint? AddressOf(string text, out string problem)
    {
        problem = "";
        if (IPEndPoint.TryParse(text, out var address) && text.Contains('.', StringComparison.Ordinal))
            return address.Port == 0 ? new IPEndPoint(address.Address, ControllerOptions.PortByDefault) : address;
        var parts = text.Split(':', 2);
        var port = ControllerOptions.PortByDefault;
        if (parts.Length == 2 && !(int.TryParse(parts[1], out port) && port is > 0 and <= ushort.MaxValue))
            problem = $"\"{text}\" has no port that could be.";
        else
        {
            try
            {
                var found = Dns.GetHostAddresses(parts[0], System.Net.Sockets.AddressFamily.InterNetwork);
                if (found.Length > 0) return new IPEndPoint(found[0], port);
                problem = $"The host {parts[0]} has no address.";
            }
            catch (Exception unknown) when (unknown is System.Net.Sockets.SocketException or ArgumentException)
            {
                problem = $"The host \"{parts[0]}\" is not known here: {unknown.Message}";
            }
        }

        return null;
    }
}

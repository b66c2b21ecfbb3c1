using System.Net;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Clients;

/// <summary>Where the cluster is: from the flag, the environment, a running dev cluster, or the default port.</summary>
internal static class Endpoints
{
    public const string Variable = "BALSA_ENDPOINTS";

    /// <summary>Null when the text cannot be understood.</summary>
    public static IReadOnlyList<IPEndPoint>? Find(string? flag)
    {
        var text = flag ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(text)) return Parse(text);
        if (DevContext.ReadHeld() is { } dev) return [.. dev.Nodes.Select(node => IPEndPoint.Parse(node.Client))];
        return [new IPEndPoint(IPAddress.Loopback, 2379)];
    }

    private static List<IPEndPoint>? Parse(string text)
    {
        var found = new List<IPEndPoint>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var plain = part.Replace("http://", "", StringComparison.Ordinal).Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal);
            if (!IPEndPoint.TryParse(plain, out var endpoint) || endpoint.Port == 0) return null;
            found.Add(endpoint);
        }

        return found.Count > 0 ? found : null;
    }
}

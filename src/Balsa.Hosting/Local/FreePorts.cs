using System.Net;
using System.Net.Sockets;

namespace Balsa.Hosting.Local;

/// <summary>
/// Ports that nobody listens on. They lie below those that systems give to outgoing connections, so that one is still free
/// when its member comes back after a while.
/// </summary>
internal static class FreePorts
{
    private const int First = 15_000, Last = 32_000;

    internal static IReadOnlyList<int> Take(int count)
    {
        var found = new List<int>();
        for (var tries = 0; found.Count < count; tries++)
        {
            if (tries > 10_000) throw new IOException($"No {count} free ports were found from {First} to {Last} on this machine.");
            var port = Random.Shared.Next(First, Last);
            if (!found.Contains(port) && IsFree(port)) found.Add(port);
        }

        return found;
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Balsa.System.Tests;

namespace Balsa.Course.Tests.Controllers;

/// <summary>Five real processes with controller ports on 127.0.0.1 to 127.0.0.5, and a multicast group of their own.</summary>
public sealed class FiveNodes : IAsyncLifetime
{
    private const int Attempts = 5;
    private DevRun _dev = null!;

    internal Balsa.System.Tests.Cli Cli { get; } = new();

    /// <summary>The same on every node's address, and in the group.</summary>
    internal int Port { get; private set; }

    internal IPEndPoint Group => new(IPAddress.Parse("224.1.1.1"), Port);

    internal IPEndPoint AddressOf(int node) => new(new IPAddress([127, 0, 0, (byte)node]), Port);

    public async ValueTask InitializeAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            // The nodes inherit it.
            Environment.SetEnvironmentVariable("BALSA_CONTROLLER_GROUP", $"{Group}@127.0.0.1");
            try
            {
                _dev = await DevRun.StartAsync(Cli, "--nodes", "5", "--controller", $"{Port}");
                return;
            }
            catch (InvalidOperationException early) when (attempt < Attempts && early.Message.Contains("port", StringComparison.Ordinal))
            {
                // Somebody took the port between our look and their start.
            }
            finally
            {
                Environment.SetEnvironmentVariable("BALSA_CONTROLLER_GROUP", null);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _dev.DisposeAsync();
        Cli.Dispose();
    }

    internal static int FreePort()
    {
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)held.LocalEndPoint!).Port;
    }
}

/// <summary>One cluster of processes at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class Processes
{
    public const string Name = "processes";
}

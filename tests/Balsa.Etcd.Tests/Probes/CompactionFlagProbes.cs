using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Balsa.Etcd.Tests.Server;
using Balsa.Server.Compaction;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>Which values of etcd's flags for compaction the real one takes, and that we take the same.</summary>
public sealed class CompactionFlagProbes
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("periodic", "1", true)]
    [InlineData("periodic", "1h30m", true)]
    [InlineData("periodic", "1.5h", true)]
    [InlineData("periodic", "300ms", true)]
    [InlineData("periodic", "0", true)]
    [InlineData("revision", "1000", true)]
    [InlineData("periodic", "ten", false)]
    [InlineData("periodic", "10x", false)]
    [InlineData("periodic", "-1", false)]
    [InlineData("periodic", "-1h", false)]
    [InlineData("revision", "-5", false)]
    [InlineData("sometimes", "1", false)]
    public async Task Etcd_and_this_server_take_the_same(string mode, string retention, bool taken)
    {
        EtcdProcess.SkipWhenMissing();
        Assert.Equal(taken, await IsTakenByEtcdAsync(mode, retention));
        Assert.Equal(taken, AutoCompaction.TryParse(mode, retention, out _) is not null);
    }

    private static async Task<bool> IsTakenByEtcdAsync(string mode, string retention)
    {
        var (client, peer) = ($"http://127.0.0.1:{FreePort()}", $"http://127.0.0.1:{FreePort()}");
        var folder = Directory.CreateTempSubdirectory("balsa-etcd-flags-").FullName;
        var info = new ProcessStartInfo("etcd") { RedirectStandardError = true, UseShellExecute = false };
        foreach (var flag in new[]
        {
            $"data-dir={folder}/data", $"listen-client-urls={client}", $"advertise-client-urls={client}", $"listen-peer-urls={peer}",
            $"initial-advertise-peer-urls={peer}", $"initial-cluster=default={peer}", $"auto-compaction-mode={mode}",
            $"auto-compaction-retention={retention}",
        }) info.ArgumentList.Add($"--{flag}");
        using var limit = new CancellationTokenSource(Longest);
        using var etcd = Process.Start(info)!;
        try
        {
            // It says that it serves, or ends.
            while (await etcd.StandardError.ReadLineAsync(limit.Token) is { } line)
                if (line.Contains("ready to serve client requests", StringComparison.Ordinal)) return true;
            return false;
        }
        finally
        {
            etcd.Kill();
            await etcd.WaitForExitAsync(limit.Token);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int FreePort()
    {
        using var held = new TcpListener(IPAddress.Loopback, 0);
        held.Start();
        return ((IPEndPoint)held.LocalEndpoint).Port;
    }
}

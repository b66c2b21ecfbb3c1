using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Balsa.Etcd.Tests.Server;

/// <summary>The real etcd, alone, on free ports of this machine, with data that goes away with it.</summary>
internal sealed class EtcdProcess : IAsyncDisposable
{
    private const string Program = "etcd";
    private const string Line = "3.4.";
    private const int Attempts = 5;
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30), Between = TimeSpan.FromMilliseconds(10);
    private static readonly Lazy<string?> Version = new(FindVersion);

    private readonly Process _process;
    private readonly string _data;
    private readonly Queue<string> _said = new();

    private EtcdProcess(string data, int clientPort, int peerPort)
    {
        _data = data;
        Client = new Uri($"http://127.0.0.1:{clientPort}");
        var peer = $"http://127.0.0.1:{peerPort}";
        var info = new ProcessStartInfo(Program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (option, value) in new[]
        {
            ("name", "one"), ("data-dir", data), ("listen-client-urls", Address), ("advertise-client-urls", Address),
            ("listen-peer-urls", peer), ("initial-advertise-peer-urls", peer), ("initial-cluster", $"one={peer}"),
            ("heartbeat-interval", "10"), ("election-timeout", "100"),
        }) info.ArgumentList.Add($"--{option}={value}");
        // An environment that configures another etcd must not configure this one.
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("ETCD_", StringComparison.Ordinal)).ToList())
            info.Environment.Remove(name);
        _process = Process.Start(info)!;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Where clients connect, over HTTP with or without gRPC.</summary>
    public Uri Client { get; }

    private string Address => Client.GetLeftPart(UriPartial.Authority);

    /// <summary>The answers that tests expect are those of one line of versions; without it they cannot run.</summary>
    public static void SkipWhenMissing()
    {
        Assert.SkipWhen(Version.Value is null, "etcd is missing (Debian package etcd-server)");
        Assert.SkipUnless(Version.Value!.StartsWith(Line, StringComparison.Ordinal),
            $"the expected answers are those of etcd {Line}x, and this is {Version.Value}");
    }

    public static string VersionOrNone => Version.Value ?? "none";

    /// <summary>Starts one and waits until it serves.</summary>
    public static async Task<EtcdProcess> StartAsync()
    {
        // Between choosing a port and using it, another program may take it.
        for (var attempt = 1; ; attempt++)
        {
            var etcd = new EtcdProcess(NewFolder(), FreePort(), FreePort());
            if (await etcd.ServesAsync()) return etcd;
            var said = string.Join('\n', etcd.Said());
            await etcd.DisposeAsync();
            if (attempt == Attempts) throw new InvalidOperationException($"etcd does not start:\n{said}");
        }
    }

    /// <summary>Its last words.</summary>
    public IReadOnlyList<string> Said()
    {
        lock (_said) return [.. _said];
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task EndedAsync() => await _process.WaitForExitAsync().WaitAsync(StartsWithin);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task<bool> ServesAsync()
    {
        using var client = new HttpClient { Timeout = StartsWithin };
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StartsWithin && !_process.HasExited)
        {
            try
            {
                if ((await client.GetStringAsync(new Uri(Client, "/health"))).Contains("true", StringComparison.Ordinal)) return true;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet, or has no leader yet.
            }

            await Task.Delay(Between);
        }

        return false;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > 60) _said.Dequeue();
        }
    }

    private static string NewFolder()
    {
        // etcd syncs every write; in memory that costs nothing.
        const string memory = "/dev/shm";
        var parent = Directory.Exists(memory) ? memory : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(parent, $"balsa-etcd-{Guid.NewGuid():N}")).FullName;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindVersion()
    {
        try
        {
            var info = new ProcessStartInfo(Program, "--version") { RedirectStandardOutput = true, UseShellExecute = false };
            using var process = Process.Start(info)!;
            var first = process.StandardOutput.ReadToEnd().Split('\n')[0];
            process.WaitForExit();
            return first[(first.LastIndexOf(' ') + 1)..].Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

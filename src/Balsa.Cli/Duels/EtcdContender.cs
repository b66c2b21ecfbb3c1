using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Balsa.Bench.Cluster;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Duels;

/// <summary>Three processes of the etcd that is installed, with its defaults.</summary>
internal sealed class EtcdContender(string directory, IReadOnlyList<string> launcher) : IContender
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);
    private readonly List<Process> _processes = [];
    private readonly IPEndPoint[] _ports =
        [.. DevPlan.ChoosePorts(6, first: null).Select(port => new IPEndPoint(IPAddress.Loopback, port))];

    public string Name => "etcd";

    public IReadOnlyList<IPEndPoint> Endpoints => _ports[..3];

    public IReadOnlyList<int> Processes => [.. _processes.Select(process => process.Id)];

    public async Task StartAsync()
    {
        for (var i = 0; i < 3; i++) _processes.Add(Start(i));
        var started = Stopwatch.GetTimestamp();
        var probe = new LoadPlan { Kind = LoadKind.Put, Endpoints = Endpoints, Connections = 3, Clients = 3, Total = 3, Keys = 1 };
        while (Stopwatch.GetElapsedTime(started) < LongestStart)
        {
            try
            {
                if (LoadGenerator.Run(probe).Errors == 0) return;
            }
            catch (Exception problem) when (problem is SocketException or IOException)
            {
                // It does not listen yet.
            }

            if (_processes.Find(process => process.HasExited) is { } gone)
                throw new DevException("etcd ended before it could be used.", $"Its exit code is {gone.ExitCode}.", "etcd --version");
            await Task.Delay(50);
        }

        throw new DevException("etcd does not take writes.", $"It had {LongestStart.TotalSeconds} s.", "etcd --version");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private Process Start(int i)
    {
        string client = $"http://{_ports[i]}", peer = $"http://{_ports[3 + i]}";
        string[] words =
        [
            .. launcher, "etcd", "--name", $"e{i}", "--data-dir", Path.Combine(directory, $"e{i}"), "--listen-client-urls", client,
            "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
            string.Join(',', Enumerable.Range(0, 3).Select(j => $"e{j}=http://{_ports[3 + j]}")), "--log-level", "error",
        ];
        var info = new ProcessStartInfo(words[0]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var word in words.Skip(1)) info.ArgumentList.Add(word);
        var process = Process.Start(info)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}

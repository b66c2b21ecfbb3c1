using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Balsa.System.Tests.Faults;

/// <summary>Nodes that are to be: who they are and where they listen. Each can be started as a process of its own.</summary>
internal sealed class ServerPlan
{
    /// <summary>About the smallest that entries of the default limit fit into: a few writes of 1 MiB change the segment.</summary>
    private const int SegmentBytes = 6 << 20;
    private readonly Cli _cli;
    private readonly IPEndPoint[] _ports;

    internal ServerPlan(Cli cli, int nodes)
    {
        (_cli, _ports) = (cli, FreePorts(2 * nodes));
        Clients = [.. _ports.Take(nodes)];
    }

    internal IReadOnlyList<IPEndPoint> Clients { get; }

    /// <summary>Data directories that lie somewhere else, by node.</summary>
    internal Dictionary<int, string> Elsewhere { get; } = [];

    /// <summary>Flags that every node gets beside who it is.</summary>
    internal IReadOnlyList<string> MoreFlags { get; init; } = [];

    /// <summary>How many of the first nodes are in the list that founds the cluster; all by default.</summary>
    internal int? Founders { get; init; }

    /// <summary>Flags of one node that win over the ones of all.</summary>
    internal Dictionary<int, string[]> FlagsOf { get; } = [];

    /// <summary>As --initial-cluster wants it.</summary>
    internal string ListOf(params IEnumerable<int> nodes) => string.Join(',', nodes.Select(i => $"n{i}={PeerUrlOf(i)}"));

    internal string PeerUrlOf(int node) => $"http://{PeerOf(node)}";

    internal string DirectoryOf(int node) => Elsewhere.GetValueOrDefault(node, Path.Combine(_cli.Folder, $"n{node}"));

    /// <param name="node">From 1 on.</param>
    internal ServerRun Start(int node, Injection? injection = null)
    {
        var traceFile = Path.Combine(_cli.Folder, $"n{node}.trace");
        File.Delete(traceFile);
        List<string> words = injection is null ? [] : [.. injection.Words(DirectoryOf(node), traceFile)];
        words.AddRange(
        [
            "dotnet", Path.Combine(AppContext.BaseDirectory, "balsa.dll"), "server", "--name", $"n{node}",
            "--data-dir", DirectoryOf(node), "--listen-peer-urls", $"http://{PeerOf(node)}",
            "--listen-client-urls", $"http://{Clients[node - 1]}", "--initial-cluster",
            ListOf(Enumerable.Range(1, Founders ?? Clients.Count)), "--wal-segment-bytes", $"{SegmentBytes}", "--stop-with-parent",
            .. MoreFlags, .. FlagsOf.GetValueOrDefault(node, []),
        ]);
        return new ServerRun(words, traceFile);
    }

    private IPEndPoint PeerOf(int node) => _ports[Clients.Count + node - 1];

    private static IPEndPoint[] FreePorts(int count)
    {
        var held = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var one in held) one.Start();
        var ports = Array.ConvertAll(held, one => (IPEndPoint)one.LocalEndpoint);
        foreach (var one in held) one.Dispose();
        return ports;
    }
}

/// <summary>One `balsa server`, perhaps with strace around it. It ends with its standard input, so nothing is left behind.</summary>
internal sealed class ServerRun : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _traceFile;
    private readonly Task<string> _said;
    private readonly StringBuilder _lines = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ServerRun(IReadOnlyList<string> words, string traceFile)
    {
        var info = new ProcessStartInfo(words[0])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var word in words.Skip(1)) info.ArgumentList.Add(word);
        (_process, _traceFile) = (Process.Start(info)!, traceFile);
        _said = ListenAsync();
        _ = WatchAsync();
    }

    /// <summary>True when it takes clients; false when it ended before.</summary>
    internal Task<bool> IsReadyAsync() => _ready.Task.WaitAsync(Longest);

    /// <summary>Waits until it has told the operator this.</summary>
    internal async Task<bool> SaysAsync(string text)
    {
        while (true)
        {
            Task news;
            lock (_lines)
            {
                if (_lines.ToString().Contains(text, StringComparison.Ordinal)) return true;
                if (_said.IsCompleted) return false;
                news = _news.Task;
            }

            await Task.WhenAny(news, _said).WaitAsync(Longest);
        }
    }

    internal bool HasEnded => _process.HasExited;

    /// <summary>Waits for its end; exit code and everything it said to the operator.</summary>
    internal async Task<(int Code, string Said)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Longest);
        return (_process.ExitCode, await _said.WaitAsync(Longest));
    }

    /// <summary>Politely, as an operator does.</summary>
    internal async Task<(int Code, string Said)> StopAsync()
    {
        _process.StandardInput.Close();
        return await EndAsync();
    }

    /// <summary>SIGKILL: no goodbye, as in a crash.</summary>
    internal async Task<string> KillAsync()
    {
        _process.Kill();
        return (await EndAsync()).Said;
    }

    internal Trace? Trace() => File.Exists(_traceFile) ? Faults.Trace.Read(_traceFile) : null;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(Longest);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private async Task<string> ListenAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.AppendLine(line);
                _news.TrySetResult();
                _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        lock (_lines) return _lines.ToString();
    }

    private async Task WatchAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (line.StartsWith("ready to serve", StringComparison.Ordinal)) _ready.TrySetResult(true);
        _ready.TrySetResult(false);
    }
}

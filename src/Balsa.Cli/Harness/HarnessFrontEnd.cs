using System.Diagnostics;
using System.Globalization;
using Balsa.Adapters.Raftkv;
using Balsa.Cli.Chaos;
using Balsa.Cli.Commands.Raftkv;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Harness;

/// <summary>A `balsa frontend` of the harness's own, in a folder of its own. It and its servers end with it.</summary>
internal sealed class HarnessFrontEnd : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30), LongestEnd = TimeSpan.FromSeconds(10);
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lastLines = new();
    private bool _isDisposed;

    private HarnessFrontEnd(string folder)
    {
        Folder = folder;
        var info = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var word in (string[])[.. SelfCommand.Words, "frontend", "--data-dir", folder, "--stop-with-parent"])
            info.ArgumentList.Add(word);
        _process = new Process { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("ready to serve", StringComparison.Ordinal) == true) _ready.TrySetResult();
        };
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new ChaosException($"the front end ended before it was ready. {LastLines}"));
    }

    internal static Uri Address { get; } = new($"http://127.0.0.1:{FrontendCommand.PortByDefault}");

    internal string Folder { get; }

    internal bool IsRunning => !_process.HasExited;

    /// <summary>What it said last, for people.</summary>
    internal string LastLines
    {
        get { lock (_lastLines) return string.Join(" | ", _lastLines); }
    }

    /// <exception cref="ChaosException">It did not start.</exception>
    internal static async Task<HarnessFrontEnd> StartAsync(string folder)
    {
        var started = new HarnessFrontEnd(folder);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        try
        {
            await started._ready.Task.WaitAsync(LongestStart);
            return started;
        }
        catch (TimeoutException)
        {
            await started.DisposeAsync();
            throw new ChaosException($"the front end was not ready within {LongestStart.TotalSeconds} s. {started.LastLines}");
        }
    }

    /// <summary>SIGKILL to a server of this front end, found by its name; nobody else's is touched, whatever it is called.</summary>
    internal void Kill(int server) => SystemTool.TryRun(
        "pkill", "-9", "-P", _process.Id.ToString(CultureInfo.InvariantCulture), "-f",
        string.Create(CultureInfo.InvariantCulture, $"raftserver{server}"));

    /// <summary>Once is enough, and twice does no harm.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(LongestEnd);
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited) _process.Kill();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 8) _lastLines.Dequeue();
        }
    }
}

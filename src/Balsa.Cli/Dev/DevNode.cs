using System.Diagnostics;
using System.Globalization;
using Balsa.Cli.Dev.Faults;
using Balsa.Server;

namespace Balsa.Cli.Dev;

/// <summary>One node of a dev cluster: a real process, started from the same executable, that ends when its parent does.</summary>
internal sealed class DevNode(DevPlan plan, MemberAddress address) : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(20);
    private readonly Queue<string> _lastLines = new();
    private readonly Lock _gate = new();
    private Process? _process;

    public MemberAddress Address => address;

    /// <summary>What its next start runs: this build, unless somebody wants another one.</summary>
    public IReadOnlyList<string> Program { get; set; } = SelfCommand.Program;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>How long its last start took, until it took clients.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <summary>When its last start began.</summary>
    public long StartedAt { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Somebody cut it off from the other nodes.</summary>
    public bool IsIsolated { get; set; }

    /// <summary>Others can use it, as far as its own process goes.</summary>
    public bool IsServing => IsRunning && !IsPaused && !IsIsolated;

    /// <summary>Flags of its own, for its next start; they win over the ones of all.</summary>
    public IReadOnlyList<string> MoreFlags { get; set; } = [];

    /// <summary>Each line that it says of itself.</summary>
    public Action<string> Said { get; set; } = _ => { };

    public int? Pid => IsRunning ? _process!.Id : null;

    private string LogPath => Path.Combine(plan.DataDirectory, $"{address.Name}.log");

    /// <exception cref="DevException">It ended, or was not ready in time.</exception>
    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = StartInfo(), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("ready to serve", StringComparison.Ordinal) == true) ready.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        process.Exited += (_, _) =>
            ready.TrySetException(new DevException($"{address.Name} ended before it was ready.", LastLines(), $"cat {LogPath}"));
        (IsPaused, IsIsolated, StartedAt) = (false, false, Stopwatch.GetTimestamp());
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process?.Dispose();
        _process = process;
        try
        {
            await ready.Task.WaitAsync(LongestStart);
            StartTook = Stopwatch.GetElapsedTime(StartedAt);
        }
        catch (TimeoutException)
        {
            throw new DevException($"{address.Name} was not ready within {LongestStart.TotalSeconds} s.", LastLines(), $"cat {LogPath}");
        }
    }

    /// <summary>SIGKILL: no goodbye, as in a crash.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false } process) return;
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it sleeps in the middle of whatever it does, and its connections stay open.</summary>
    /// <exception cref="DevException">It cannot be done here.</exception>
    public bool TryPause() => IsPaused = Signal(ProcessSignals.TryPause, "paused");

    /// <exception cref="DevException">It cannot be done here.</exception>
    public bool TryResume() => !(IsPaused = !Signal(ProcessSignals.TryResume, "resumed"));

    private bool Signal(Func<int, bool> send, string done) => Pid is { } pid && send(pid)
        ? true
        : throw new DevException($"{address.Name} was not {done}.", "The system did not take the signal.",
            $"balsa fault kill {address.Name}");

    /// <summary>Lets it end by itself; after a while it is killed, and this is false.</summary>
    public async Task<bool> StopAsync(TimeSpan longest)
    {
        if (_process is not { HasExited: false } process) return true;
        if (IsPaused) TryResume();
        process.StandardInput.Close();
        if (await EndsAsync(longest)) return true;
        await KillAsync();
        return false;
    }

    /// <summary>True when it ended, of itself or because somebody told it to, within this time.</summary>
    public async Task<bool> EndsAsync(TimeSpan longest)
    {
        using var limit = new CancellationTokenSource(longest);
        try
        {
            if (_process is not null) await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _process?.Dispose();

    private ProcessStartInfo StartInfo()
    {
        var launcher = address.Launcher.Count > 0 ? address.Launcher : plan.Launcher;
        var info = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] program = [.. launcher, .. Program];
        info.FileName = program[0];
        string[] words =
        [
            "server", "--name", address.Name, "--data-dir", Path.Combine(plan.DataDirectory, address.Name),
            "--listen-peer-urls", $"http://{address.Peer}", "--listen-client-urls", $"http://{address.Client}",
            "--initial-cluster", DevPlan.ListOf(plan.Founders),
            "--initial-cluster-token", plan.Cluster, "--auto-replace-wiped", "true", "--stop-with-parent", "--allow-faults",
            "--wal-segment-bytes", plan.SegmentBytes.ToString(CultureInfo.InvariantCulture),
        ];
        string[] controller = plan.ControllerOf(address) is { } port ? ["--controller", port.ToString()] : [];
        foreach (var word in program.Skip(1).Concat(words).Concat(controller).Concat(plan.MoreFlags).Concat(MoreFlags))
            info.ArgumentList.Add(word);
        return info;
    }

    private void Log(string? line)
    {
        if (line is null) return;
        Said(line);
        lock (_gate)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 5) _lastLines.Dequeue();
            try
            {
                File.AppendAllText(LogPath, line + Environment.NewLine);
            }
            catch (IOException)
            {
                // The directory is being removed, or full: the node itself has better things to say about that.
            }
        }
    }

    private string LastLines()
    {
        lock (_gate) return _lastLines.Count == 0 ? "It said nothing." : $"It said last: {string.Join(" | ", _lastLines)}";
    }
}

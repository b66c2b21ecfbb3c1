using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Balsa.Adapters.Raftkv.FrontEnds;

/// <summary>
/// One server as a process of ours. It ends when we do, because it holds the other end of its standard input. One that dies at once
/// is started again: whoever killed its predecessor by name may have been late.
/// </summary>
internal sealed class ServerChild(int number, FrontEndOptions options, IReadOnlyList<string> words, Action changed) : IDisposable
{
    private const int StartsMax = 4;
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(500);
    private readonly Lock _gate = new();
    private Process? _process;
    private long _startedAt;
    private int _starts;
    private bool _isEnding;

    internal int Number => number;

    internal bool IsRunning => _process is { HasExited: false };

    internal int? Pid => IsRunning ? _process!.Id : null;

    /// <summary>By which a pid that was taken by somebody else is told apart.</summary>
    internal DateTime StartTime { get; private set; }

    /// <exception cref="FleetException">The program cannot be started.</exception>
    internal void Start()
    {
        lock (_gate)
        {
            var info = new ProcessStartInfo(options.Program[0]) { UseShellExecute = false, RedirectStandardInput = true };
            foreach (var word in options.Program.Skip(1)) info.ArgumentList.Add(word);
            foreach (var word in words) info.ArgumentList.Add(word);
            var process = new Process { StartInfo = info, EnableRaisingEvents = true };
            process.Exited += (_, _) => OnExited(process);
            try
            {
                (_starts, _startedAt) = (_starts + 1, Stopwatch.GetTimestamp());
                process.Start();
                StartTime = process.StartTime;
            }
            catch (Exception problem) when (problem is Win32Exception or InvalidOperationException)
            {
                if (problem is Win32Exception) throw FleetException.NotStarted(number, problem.Message);
                // It ended before it could be asked when it began; it is seen to end, too.
            }

            _process = process;
        }
    }

    /// <summary>SIGKILL, and until it is gone.</summary>
    internal async Task EndAsync(TimeSpan longest)
    {
        lock (_gate) _isEnding = true;
        if (_process is not { HasExited: false } process) return;
        process.Kill();
        using var limit = new CancellationTokenSource(longest);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>It is to end by itself; after a while it is killed.</summary>
    internal async Task LetEndAsync(TimeSpan longest)
    {
        lock (_gate) _isEnding = true;
        if (_process is not { HasExited: false } process) return;
        using var limit = new CancellationTokenSource(longest);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync(longest);
    }

    public void Dispose() => _process?.Dispose();

    private void OnExited(Process ended)
    {
        lock (_gate)
        {
            if (_isEnding || _process is not null && _process != ended) return;
            var lived = Stopwatch.GetElapsedTime(_startedAt);
            options.Note(string.Create(CultureInfo.InvariantCulture, $"server {number} (pid {ended.Id}) ended after {lived.TotalSeconds:F1} s"));
            if (lived < AtOnce && _starts < StartsMax)
            {
                options.Note($"server {number} is started again, because it ended at once");
                Start();
            }
        }

        changed();
    }
}

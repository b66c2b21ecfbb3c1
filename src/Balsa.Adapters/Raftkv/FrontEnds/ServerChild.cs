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
    private volatile bool _isRunning;

    internal int Number => number;

    /// <summary>As far as we were told.</summary>
    internal bool IsRunning => _isRunning;

    /// <summary>At this moment: one that was killed a moment ago is not, although nobody has told us yet.</summary>
    internal bool IsAlive
    {
        get
        {
            Process? process;
            // Asked outside: the runtime tells of an exit with a lock of its own held, and we take ours then.
            lock (_gate) process = _process;
            try
            {
                return _isRunning && process is { HasExited: false };
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>Of the newest start; 0 before.</summary>
    internal int Pid { get; private set; }

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
                // It is told to have ended only behind this lock.
                (_starts, _startedAt, _isRunning) = (_starts + 1, Stopwatch.GetTimestamp(), true);
                process.Start();
                (_process, Pid, StartTime) = (process, process.Id, DateTime.UtcNow);
            }
            catch (Win32Exception problem)
            {
                _isRunning = false;
                process.Dispose();
                throw FleetException.NotStarted(number, problem.Message);
            }
        }
    }

    /// <summary>SIGKILL, and until it is gone.</summary>
    internal async Task EndAsync(TimeSpan longest)
    {
        if (BeginEnd() is not { } process) return;
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was faster.
        }

        await GoneAsync(process, longest);
    }

    /// <summary>It is to end by itself; after a while it is killed.</summary>
    internal async Task LetEndAsync(TimeSpan longest)
    {
        if (BeginEnd() is not { } process) return;
        await GoneAsync(process, longest);
        await EndAsync(longest);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            _process?.Dispose();
            _process = null;
        }
    }

    /// <summary>From here on it is not started again. Null when there is nothing to end.</summary>
    private Process? BeginEnd()
    {
        lock (_gate)
        {
            _isEnding = true;
            return _process;
        }
    }

    private static async Task GoneAsync(Process process, TimeSpan longest)
    {
        using var limit = new CancellationTokenSource(longest);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void OnExited(Process ended)
    {
        lock (_gate)
        {
            // Of one that was replaced or disposed of nobody wants to hear.
            if (_process != ended) return;
            _isRunning = false;
            if (!_isEnding) Mourn();
        }

        changed();
    }

    private void Mourn()
    {
        var lived = Stopwatch.GetElapsedTime(_startedAt);
        options.Note(string.Create(CultureInfo.InvariantCulture, $"server {number} (pid {Pid}) ended after {lived.TotalSeconds:F1} s"));
        if (lived >= AtOnce || _starts >= StartsMax) return;
        options.Note($"server {number} is started again, because it ended at once");
        _process!.Dispose();
        try
        {
            Start();
        }
        catch (FleetException problem)
        {
            options.Note($"{problem.Message}: {problem.Why}");
        }
    }
}

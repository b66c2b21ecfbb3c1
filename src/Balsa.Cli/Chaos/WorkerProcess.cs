using System.Diagnostics;
using System.Globalization;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Chaos;

/// <summary>A <see cref="LogWorker"/> in a process of its own, and everything it has said so far.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Task _listening;
    private readonly Task<string> _messages;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// As the kernel would look with a disk that confirms everything and keeps nothing. Not from the first sync of a thread
    /// on: the self-test of the start would find that out.
    /// </summary>
    private static readonly string[] Liar = ["strace", "-D", "-f", "-o", "/dev/null", "-e", "inject=fdatasync,fsync:retval=0:when=20+"];

    /// <param name="lies">No sync of its log does anything.</param>
    internal WorkerProcess(string directory, int seed, bool lies)
    {
        string[] words =
        [
            .. lies ? Liar : [], Environment.ProcessPath!, .. SelfCommand.Words, "chaos", "worker", directory, "--seed",
            seed.ToString(CultureInfo.InvariantCulture),
        ];
        var info = new ProcessStartInfo(words[0]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in words[1..]) info.ArgumentList.Add(word);
        _process = Process.Start(info)!;
        _messages = _process.StandardError.ReadToEndAsync();
        _listening = ListenAsync();
    }

    /// <summary>What was given to the log, in order.</summary>
    internal List<LogStep> Steps { get; } = [];

    /// <summary>So many of them somebody was told of.</summary>
    internal int Acknowledged { get; private set; }

    /// <summary>The boot that it opened the directory with; 0 before.</summary>
    internal ulong Boot { get; private set; }

    /// <summary>False when it ended without having opened the directory.</summary>
    internal bool WaitUntilOpen()
    {
        Task.WaitAny([_opened.Task, _listening], Longest);
        return _opened.Task.IsCompleted;
    }

    /// <summary>SIGKILL, and then everything that it had managed to say.</summary>
    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        if (!_listening.Wait(Longest)) throw new ChaosException("the worker was killed, and its pipe did not end");
    }

    /// <summary>The power was not cut yet, so nothing should have ended it.</summary>
    internal bool HasEnded => _process.HasExited;

    /// <summary>What it complained of. To be asked after its end.</summary>
    internal string Messages => _messages.Result.Trim();

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!LogStep.TryParse(line, out var step)) continue;
            switch (step.Kind)
            {
                case LogStep.Opened:
                    Boot = step.Term;
                    _opened.TrySetResult();
                    break;
                case LogStep.Acknowledged: Acknowledged = (int)step.Number; break;
                default: Steps.Add(step); break;
            }
        }
    }
}

using System.Diagnostics;

namespace Balsa.System.Tests;

/// <summary>A running `balsa dev` whose keys are pressed by the test, and whose lines it reads in their order.</summary>
internal sealed class DevTerminal : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly Cli _cli;
    private readonly Process _process;
    private readonly List<string> _seen = [];

    public DevTerminal(Cli cli, params string[] more) => (_cli, _process) = (cli, cli.Start(["dev", .. more]));

    public async Task PressAsync(string keys)
    {
        await _process.StandardInput.WriteLineAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The next line that holds the words.</summary>
    public async Task<string> WaitForAsync(string words)
    {
        using var limit = new CancellationTokenSource(Longest);
        while (true)
        {
            string? line = null;
            try
            {
                line = await _process.StandardOutput.ReadLineAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // Said below, with all that came instead.
            }

            Assert.True(line is not null, $"no line with \"{words}\" came; there were:\n{string.Join('\n', _seen)}");
            _seen.Add(line!);
            if (line!.Contains(words, StringComparison.Ordinal)) return line;
        }
    }

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Longest);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await _cli.RunAsync("dev", "stop");
            using var limit = new CancellationTokenSource(Longest);
            await _process.WaitForExitAsync(limit.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            if (!_process.HasExited) _process.Kill();
        }

        _process.Dispose();
    }
}

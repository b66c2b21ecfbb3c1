using System.Runtime.InteropServices;

namespace Balsa.Cli.CommandLine;

/// <summary>
/// That a command is to end in order: made by SIGINT or SIGTERM, by the command itself, or, where that is wanted, by the end of its
/// parent. Once disposed it takes no more.
/// </summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt, _terminate;

    public StopRequest() => (_interrupt, _terminate) =
        (PosixSignalRegistration.Create(PosixSignal.SIGINT, Take), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take));

    public CancellationToken Token => _source.Token;

    public bool IsMade => _source.IsCancellationRequested;

    public void Make()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command has ended already.
        }
    }

    /// <summary>The parent holds the other end of standard input; when it is gone, however it died, so are we.</summary>
    public void FollowParent()
    {
        // A read of standard input blocks its thread, and a pool of two threads that loses one makes heartbeats late.
        new Thread(WaitForEndOfInput) { IsBackground = true, Name = "parent" }.Start();
    }

    /// <summary>Ends when it is made.</summary>
    public async Task WaitAsync() =>
        await Task.Delay(Timeout.Infinite, Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _source.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Make();
    }

    private void WaitForEndOfInput()
    {
        try
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
                // What the parent writes means nothing; only the end does.
            }
        }
        catch (IOException)
        {
            // A pipe that broke is a parent that is gone.
        }

        Make();
    }
}

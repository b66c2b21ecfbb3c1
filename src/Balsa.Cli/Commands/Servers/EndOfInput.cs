namespace Balsa.Cli.Commands.Servers;

/// <summary>The parent holds the other end of standard input; when it is gone, however it died, so are we.</summary>
internal static class EndOfInput
{
    public static void WaitFor(CancellationTokenSource stop)
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

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }
}

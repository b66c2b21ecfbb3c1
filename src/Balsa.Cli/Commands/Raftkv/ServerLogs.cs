namespace Balsa.Cli.Commands.Raftkv;

/// <summary>Where a server writes what it says: into the course's two files, or to the terminal.</summary>
internal sealed class ServerLogs : IDisposable
{
    private readonly bool _areFiles;

    private ServerLogs(TextWriter results, TextWriter messages, bool areFiles) =>
        (Results, Messages, _areFiles) = (results, messages, areFiles);

    public TextWriter Results { get; }

    public TextWriter Messages { get; }

    /// <param name="directory">Null for the terminal.</param>
    public static ServerLogs Open(string? directory, int number, TextWriter results, TextWriter messages)
    {
        if (directory is null) return new ServerLogs(results, messages, areFiles: false);
        Directory.CreateDirectory(directory);
        var (output, error) = (Append("output"), Append("error"));
        // What stops the process at once is written to the console, and belongs there, too.
        Console.SetError(error);
        return new ServerLogs(output, error, areFiles: true);

        TextWriter Append(string kind) => TextWriter.Synchronized(
            new StreamWriter(Path.Combine(directory, $"raftserver{number}_{kind}.log"), append: true) { AutoFlush = true });
    }

    public void Dispose()
    {
        if (!_areFiles) return;
        Results.Dispose();
        Messages.Flush();
    }
}

namespace Balsa.Simulation.Judging.Histories;

/// <summary>
/// Reads a history in any of three formats: our own JSON lines, logs of Jepsen's register, and the maps of Porcupine's
/// key-value tests. Each line says by its beginning which it is; the first decides for the file.
/// </summary>
public static class HistoryReader
{
    /// <exception cref="HistoryException">The text is no history.</exception>
    public static History Read(IEnumerable<string> lines)
    {
        Func<string, int, HistoryEvent>? read = null;
        var pairs = new OperationPairs();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0) continue;
            read ??= Format(text, number);
            pairs.Add(read(text, number));
        }

        return read is null ? throw new HistoryException("The history is empty.", "No line holds an event.") : pairs.Finish();
    }

    internal static HistoryException Unreadable(int line, string why) => new($"Line {line} is no event.", why);

    private static Func<string, int, HistoryEvent> Format(string text, int line)
    {
        if (text.StartsWith("INFO", StringComparison.Ordinal)) return RegisterLog.Read;
        if (text.StartsWith("{:", StringComparison.Ordinal)) return MapLines.Read;
        if (text.StartsWith('{')) return JsonHistory.Read;
        throw new HistoryException(
            $"Line {line} has no known format.", "A history begins with {\"event\": ..., with INFO  jepsen.util, or with {:process.");
    }
}

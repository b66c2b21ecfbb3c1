using System.Globalization;

namespace Balsa.System.Tests.Faults;

/// <summary>A system call that strace makes fail in place of the kernel, the K-th time that a thread of the node makes it.</summary>
/// <param name="Calls">The names that the call has on the processors that we know.</param>
/// <param name="Number">What the error's name means.</param>
/// <param name="Paths">Only calls on these files count, relative to the data directory; all of them when there are none.</param>
internal sealed record Injection(string Calls, string Error, int Number, int When, params string[] Paths)
{
    /// <summary>The words before those of the node.</summary>
    internal IReadOnlyList<string> Words(string directory, string traceFile)
    {
        var calls = string.Join(',', Calls.Split(',').Select(call => "?" + call));
        List<string> words =
        [
            "strace", "-f", "--seccomp-bpf", "-ttt", "-y", "-s", "0", "-o", traceFile, "-e", $"trace={calls}", "-e",
            string.Create(CultureInfo.InvariantCulture, $"inject={calls}:{Effect}:when={When}"),
        ];
        foreach (var path in Paths) words.AddRange(["-P", Path.Combine(directory, path)]);
        return words;
    }

    /// <summary>Without an error the call does nothing and says that all is well.</summary>
    private string Effect => Error.Length == 0 ? "retval=0" : $"error={Error}";

    public override string ToString() => $"{Calls} with {Error} the {When}. time";
}

/// <summary>What strace wrote down of a node that ended.</summary>
internal sealed class Trace
{
    private const string Injected = "(INJECTED)";

    private Trace(double injectedAt, double endedAt, string call) => (InjectedAt, EndedAt, Call) = (injectedAt, endedAt, call);

    /// <summary>Seconds since 1970.</summary>
    internal double InjectedAt { get; }

    internal double EndedAt { get; }

    /// <summary>The call that failed.</summary>
    internal string Call { get; }

    internal double Milliseconds => (EndedAt - InjectedAt) * 1000;

    /// <summary>Null when no call was made to fail.</summary>
    internal static Trace? Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var at = Array.FindIndex(lines, line => line.Contains(Injected, StringComparison.Ordinal));
        if (at < 0) return null;
        var failed = lines[BeginOf(lines, at)];
        // The last thread takes the process with it.
        var ended = Array.FindLast(lines, line => line.Contains("+++ exited with", StringComparison.Ordinal));
        Assert.True(ended is not null, $"strace saw no end of the node after {failed}");
        return new Trace(TimeOf(failed), TimeOf(ended), failed);
    }

    /// <summary>A call that another thread interrupted on paper has two lines, and the first of them names the file.</summary>
    private static int BeginOf(string[] lines, int at)
    {
        if (!lines[at].Contains(" resumed>", StringComparison.Ordinal)) return at;
        var thread = lines[at].Split(' ')[0] + " ";
        return Array.FindLastIndex(lines, at - 1, line =>
            line.StartsWith(thread, StringComparison.Ordinal) && line.EndsWith("<unfinished ...>", StringComparison.Ordinal));
    }

    private static double TimeOf(string line) =>
        double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}

using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Harness;

/// <summary>What the harness prints, by many threads at once, and which of it tells of a failure.</summary>
internal sealed class HarnessProgress(Output output)
{
    private readonly Lock _gate = new();
    private readonly List<string> _failures = [];

    internal IReadOnlyList<string> Failures
    {
        get { lock (_gate) return [.. _failures]; }
    }

    internal void Line(string text)
    {
        lock (_gate) output.Line(text);
    }

    /// <summary>The run has failed; it goes on, as the course's does.</summary>
    internal void Failure(string text)
    {
        lock (_gate)
        {
            _failures.Add(text);
            output.Line(text);
        }
    }
}

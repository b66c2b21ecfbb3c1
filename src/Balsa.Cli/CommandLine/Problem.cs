namespace Balsa.Cli.CommandLine;

/// <summary>An error in three parts: what happened, why, and what to type next (at most three commands, best first).</summary>
internal sealed record Problem(string What, string Why, params string[] Next)
{
    /// <summary>A stable code, such as E0105, where there is one.</summary>
    public string? Code { get; init; }

    /// <summary>What became of a write: done, not-done or unknown.</summary>
    public string? Outcome { get; init; }
}

namespace Balsa.Cli.CommandLine;

/// <summary>An error in three parts: what happened, why, and what to type next (at most three commands, best first).</summary>
internal sealed record Problem(string What, string Why, params string[] Next);

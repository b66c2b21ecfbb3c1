namespace Balsa.Cli.Errors;

/// <summary>One code: what it is called, what it means, what it leaves behind, and what to type next.</summary>
internal sealed record ErrorEntry(string Code, string Title, int ExitCode, string Text, params string[] Next);

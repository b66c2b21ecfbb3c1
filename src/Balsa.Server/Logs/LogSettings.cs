namespace Balsa.Server.Logs;

/// <summary>How a node tells what happens.</summary>
/// <param name="Outputs">stderr, stdout, or names of files, which are appended to.</param>
public sealed record LogSettings(string Node, LogLevel Least, bool AsJson, IReadOnlyList<string> Outputs);

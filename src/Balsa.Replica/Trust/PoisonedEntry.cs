using Balsa.Replica.Skipping;

namespace Balsa.Replica.Trust;

/// <summary>The entry that this member could not apply.</summary>
/// <param name="Command">What an operator types to have it left out.</param>
public sealed record PoisonedEntry(SkippedEntry Entry, string Command);

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>What was not as a client was told, and the keys whose story decides that; none when it may be any.</summary>
/// <param name="IsAboutAge">Whether more matters than what the keys have: when they were created, and how often they changed.</param>
internal sealed record Dispute(string Complaint, IReadOnlyList<string> Keys, bool IsAboutAge = false);

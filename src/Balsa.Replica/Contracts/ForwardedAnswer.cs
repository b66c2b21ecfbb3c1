namespace Balsa.Replica.Contracts;

/// <summary>What became of a forwarded write.</summary>
public sealed record ForwardedAnswer(ulong Number, ReplicaAnswer Answer);

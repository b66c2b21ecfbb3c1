namespace Balsa.Replica.Contracts;

/// <summary>What kind of state a snapshot holds, and in which version of its format.</summary>
public readonly record struct ContentVersion(uint Kind, uint Version);

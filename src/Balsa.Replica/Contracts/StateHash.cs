namespace Balsa.Replica.Contracts;

/// <summary>What a state machine makes of its state: equal on all members that have applied the same entries.</summary>
/// <param name="Version">Of how it is computed; hashes of different versions say nothing about each other.</param>
/// <param name="History">Over every entry applied and every answer given.</param>
/// <param name="Content">Over what the state says now.</param>
public readonly record struct StateHash(uint Version, ulong History, ulong Content);

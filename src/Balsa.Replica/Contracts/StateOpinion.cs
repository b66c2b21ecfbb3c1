using Balsa.Raft.Log;

namespace Balsa.Replica.Contracts;

/// <summary>A member's hash at an index, and the feature level by which it had applied entries.</summary>
public readonly record struct StateOpinion(LogIndex Index, uint FeatureLevel, StateHash Hash);

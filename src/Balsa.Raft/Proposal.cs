using Balsa.Raft.Effects;
using Balsa.Raft.Log;

namespace Balsa.Raft;

/// <summary>A command for the replicated log. Several can be proposed in one call; each gets its own completion.</summary>
public readonly record struct Proposal(PayloadHandle Payload, uint Length, uint Crc, Correlation Correlation);

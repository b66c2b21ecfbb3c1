using Balsa.Raft.Log;

namespace Balsa.Replica.Contracts;

/// <summary>A client's write on its way from the member that was asked to the leader of this term, and to no other.</summary>
/// <param name="Number">Names it among all that its sender ever handed over, in whatever boot.</param>
public sealed record ForwardedCommand(ulong Number, Term Term, byte[] Entry);

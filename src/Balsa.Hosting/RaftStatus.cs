namespace Balsa.Hosting;

/// <summary>What one member believes of itself and of the cluster, at one moment.</summary>
/// <param name="Name">The member that says it.</param>
/// <param name="Role">Follower, PreCandidate, Candidate or Leader.</param>
/// <param name="Leader">Who leads as far as it knows.</param>
/// <param name="Problem">Why it does not serve.</param>
public sealed record RaftStatus(
    string Name, string Role, ulong Term, string? Leader, ulong CommitIndex, ulong AppliedIndex, ulong LastIndex, ulong SnapshotIndex,
    IReadOnlyList<string> Members, string? Problem)
{
    public bool Leads => string.Equals(Role, nameof(Balsa.Raft.Role.Leader), StringComparison.Ordinal);
}

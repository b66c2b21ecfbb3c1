using Balsa.Raft.Membership;

namespace Balsa.Replica;

/// <summary>What would become of a membership change, as this member sees it.</summary>
public sealed record MembershipPlan(ConfigurationError Error, Configuration Before, Configuration After);

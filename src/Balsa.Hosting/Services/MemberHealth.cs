using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Balsa.Hosting.Services;

/// <summary>Healthy: it serves. Degraded: nobody leads just now. Unhealthy: it has stopped, or has no state any more.</summary>
internal sealed class MemberHealth(IRaftMember member) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Judge());

    private HealthCheckResult Judge()
    {
        if (member.Failure is { } failure) return HealthCheckResult.Unhealthy(failure.Message, failure);
        return member.Leader is { } leader
            ? HealthCheckResult.Healthy($"{member.Name} serves; {leader} leads.")
            : HealthCheckResult.Degraded($"{member.Name} knows of no leader. Commands wait until a majority of the members is up.");
    }
}

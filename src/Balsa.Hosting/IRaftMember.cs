using Balsa.Hosting.Leading;

namespace Balsa.Hosting;

/// <summary>One member of a cluster, whatever its state is.</summary>
public interface IRaftMember
{
    string Name { get; }

    /// <summary>Who leads as this member knows it now; null when it knows of nobody.</summary>
    string? Leader { get; }

    /// <summary>Why this member serves nothing any more; null when all is well.</summary>
    Exception? Failure { get; }

    Task<RaftStatus> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Until this member knows of a leader.</summary>
    Task WaitForLeaderAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Until this member leads and has applied all that was acknowledged before. It is over when
    /// <see cref="Leadership.Lost"/> says so.
    /// </summary>
    Task<Leadership> LeadAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks this member, if it leads, to hand leadership to another.</summary>
    /// <exception cref="Errors.NotAppliedException">It does not lead, or the other cannot take over now.</exception>
    Task MoveLeadershipAsync(string to, CancellationToken cancellationToken = default);
}

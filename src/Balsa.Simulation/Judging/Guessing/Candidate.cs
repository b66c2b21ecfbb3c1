using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Replaying;

namespace Balsa.Simulation.Judging.Guessing;

/// <summary>Who may have got a revision that nobody was told.</summary>
/// <param name="Change">A change that was told this revision, though it may only have looked at it, or one of unknown outcome.</param>
/// <param name="Unknown">The place of one of unknown outcome, otherwise <see cref="None"/>.</param>
/// <param name="Lease">The lease that ended, when there is no change.</param>
internal readonly record struct Candidate(Operation? Change, int Unknown, long Lease)
{
    internal const int None = -1;

    /// <summary>No guess is made.</summary>
    internal static Candidate Nobody { get; } = new(null, None, 0);

    /// <summary>Nobody knows beforehand which keys go with a lease.</summary>
    internal bool CanChange(string key) => Change is null || Effects.CanChange(Change, key);
}

using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>A revision that nobody surely got: who may have, what was tried, and the way back.</summary>
internal sealed class Choice
{
    internal required long Revision { get; init; }

    internal required int At { get; init; }

    internal required int Mark { get; init; }

    internal required int Changes { get; init; }

    /// <summary>Changes that were told this revision, or only looked at it.</summary>
    internal required List<Operation> Maybes { get; init; }

    internal required List<int> Guesses { get; init; }

    internal required List<long> Leases { get; init; }

    internal int Count => Maybes.Count + Guesses.Count + Leases.Count;

    internal int Next { get; set; }

    /// <summary>The one that is assumed now, or -1.</summary>
    internal int Guess { get; set; } = -1;
}

namespace Balsa.Simulation.Disks;

/// <summary>Decides, when the power is cut, what of the unsynced is on the medium.</summary>
internal interface ISurvival
{
    /// <summary>
    /// Asked for each sector, each length and each change of a name, always in the same order. The steps tell when each
    /// version was made, the oldest first.
    /// </summary>
    /// <returns>How many of the versions happened: 0 leaves what was durable, all of them the newest.</returns>
    int Choose(ReadOnlySpan<long> steps);
}

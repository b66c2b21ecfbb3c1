namespace Balsa.Simulation.Disks.Media;

/// <summary>
/// What one sector became by one write that no sync has covered. A power cut may leave any of a sector's versions,
/// whatever became of its neighbours.
/// </summary>
internal struct SectorVersion
{
    internal int Sector;

    /// <summary>Where its bytes lie among the bytes of all versions.</summary>
    internal int Slot;

    /// <summary>The step of the disk that made it, so that a prefix of everything can survive.</summary>
    internal long Step;

    /// <summary>
    /// A sync failed after the write. The system believes the page to be clean: no later sync makes it durable, and only
    /// chance says what the medium holds.
    /// </summary>
    internal bool IsGivenUp;

    internal Landing Landing;
}

/// <summary>The same for the length of the file.</summary>
internal struct LengthVersion
{
    internal int Length;

    internal long Step;

    internal bool IsGivenUp;
}

/// <summary>Where a write goes when the device is told to make it durable.</summary>
internal readonly struct Landing
{
    private readonly bool _isAstray;

    private Landing(DiskFile? file, int shift)
    {
        _isAstray = true;
        (Elsewhere, Shift) = (file, shift);
    }

    internal static Landing Nowhere => new(null, 0);

    /// <summary>The default: where it belongs.</summary>
    internal bool IsHere => !_isAstray;

    /// <summary>Null when the write is lost: reported as done, and never on the medium.</summary>
    internal DiskFile? Elsewhere { get; }

    /// <summary>How many sectors away it lands, in the other file or in the same.</summary>
    internal int Shift { get; }

    internal static Landing In(DiskFile file, int shift) => new(file, shift);
}

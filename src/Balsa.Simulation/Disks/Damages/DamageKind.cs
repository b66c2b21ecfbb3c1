namespace Balsa.Simulation.Disks.Damages;

/// <summary>What a medium does to bytes that it had confirmed.</summary>
internal enum DamageKind : byte
{
    BitFlip = 0,

    SectorZeroed,

    SectorGarbage,

    /// <summary>One sector falls back to what it held some writes ago.</summary>
    StaleSector,

    /// <summary>Everything that one sync had made durable in a file is as it was before.</summary>
    LostWrite,

    /// <summary>A sector's last write is found in another place, in any file, and the right place has what was there before.</summary>
    MisdirectedWrite,

    /// <summary>The end of the file is gone.</summary>
    Truncated,

    Deleted,

    /// <summary>The whole file is as it was some syncs ago.</summary>
    OldFile,
}

/// <summary>What was damaged. Length 0 means that nothing changed: identical bytes are no damage.</summary>
internal readonly record struct Damage(DamageKind Kind, string Path, long Offset, long Length)
{
    internal bool IsNothing => Length == 0;

    /// <summary>The number of the file, which stays when the name goes.</summary>
    internal int File { get; init; } = -1;

    internal int LandedFile { get; init; } = -1;

    /// <summary>Where a misdirected write went; the range above is where it is missing.</summary>
    internal string LandedIn { get; init; } = "";

    internal long LandedAt { get; init; }

    internal long LandedLength { get; init; }

    public override string ToString()
    {
        if (IsNothing) return $"{Kind}: nothing changed";
        var text = $"{Kind} at {Offset} of {Path}, {Length} bytes";
        return LandedIn.Length == 0 ? text : $"{text}, found at {LandedAt} of {LandedIn}";
    }
}

namespace Balsa.Replica;

/// <summary>What there was no room in.</summary>
public enum Shortage : byte
{
    None = 0,

    /// <summary>The log has reached its bound.</summary>
    Log,

    /// <summary>The disk is full. Room that is made is noticed.</summary>
    Disk,

    /// <summary>Nobody knows yet whether there is room; a moment later somebody does.</summary>
    Passing,
}

namespace Balsa.Simulation.FullWorld.Builds;

/// <summary>Which build a member runs. A struct type parameter, so that each build is code of its own.</summary>
internal interface IBuild
{
    /// <summary>The highest feature level that it understands.</summary>
    static abstract uint Level { get; }
}

/// <summary>The build that is being replaced: it knows nothing of what comes after it.</summary>
internal readonly struct LastBuild : IBuild
{
    public static uint Level => 1;
}

/// <summary>Its successor, with a behaviour that begins at level 2.</summary>
internal readonly struct NextBuild : IBuild
{
    public static uint Level => 2;
}

namespace Balsa.Cli.Chaos.Upkeep;

/// <summary>What operators do to a cluster that is in use.</summary>
internal enum UpkeepKind
{
    /// <summary>SIGTERM to the leader, and a new start.</summary>
    StopLeader,

    /// <summary>Leadership goes to another member.</summary>
    MoveLeader,

    /// <summary>A new member joins, and then the leader is removed.</summary>
    SwapLeader,

    StopFollower,

    /// <summary>A follower loses its data, and a new member takes its place.</summary>
    ReplaceFollower,

    /// <summary>A new member joins, and then a follower is removed.</summary>
    SwapFollower,
}

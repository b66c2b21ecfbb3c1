namespace Balsa.Cli.Chaos.Rounds;

/// <summary>What a round does to the cluster.</summary>
internal enum ClusterFault
{
    /// <summary>SIGKILL to whoever leads.</summary>
    KillLeader,

    KillFollower,

    /// <summary>All at once: everything that was acknowledged has to come from disks.</summary>
    KillAll,

    /// <summary>SIGSTOP to the leader until another one leads, then SIGCONT: it must not answer from what it believes.</summary>
    PauseLeader,

    /// <summary>SIGTERM: the leader says goodbye.</summary>
    StopLeader,

    /// <summary>A follower ends properly and starts again.</summary>
    RestartFollower,
}

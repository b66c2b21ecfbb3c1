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

    /// <summary>Nothing passes between the leader and the others; clients still reach it. The others elect and go on.</summary>
    CutLeader,

    CutFollower,

    /// <summary>What the leader says to the others is lost, and what they say still arrives.</summary>
    SilenceLeader,

    /// <summary>The leader and a follower do not reach each other, and the third reaches both: a bridge.</summary>
    CutPair,
}

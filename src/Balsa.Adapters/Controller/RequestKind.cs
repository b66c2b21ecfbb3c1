namespace Balsa.Adapters.Controller;

/// <summary>What a controller may ask of a node.</summary>
public enum RequestKind
{
    LeaderInfo = 1,
    Store,
    Retrieve,

    /// <summary>Retrieve, from this node whatever it is.</summary>
    GetLog,
    Status,

    /// <summary>Also ends playing dead.</summary>
    ConvertToFollower,
    TimeOut,

    /// <summary>Time out, but not as a leader.</summary>
    TryLead,

    /// <summary>Ends the process, or plays dead, as the node was told.</summary>
    ShutDown,
    PlayDead,
    Resume,
    Ping,

    /// <summary>Asks, in a group, who leads; a node that has fallen behind does so.</summary>
    Lagging,

    /// <summary>Asks the leader for its committed entries.</summary>
    CatchMeUp,

    /// <summary>Says what a log should be. Nobody may say that from outside.</summary>
    CatchUp,
}

namespace Balsa.Simulation.FullWorld.Callers;

/// <summary>How a call is carried out.</summary>
internal enum CallKind : byte
{
    /// <summary>An entry of the log.</summary>
    Command = 0,

    /// <summary>A read that a quorum confirms.</summary>
    QuorumRead,

    /// <summary>A read that a leader serves alone for as long as nobody else can lead.</summary>
    LeaseRead,

    /// <summary>A sign of life of a lease's owner.</summary>
    KeepAlive,

    /// <summary>A read of whatever the member has.</summary>
    LocalRead,
}

/// <summary>What its caller knows of a call.</summary>
internal enum CallState : byte
{
    Open = 0,
    Done,
    NotDone,

    /// <summary>It may have happened, or may yet.</summary>
    Unknown,
}

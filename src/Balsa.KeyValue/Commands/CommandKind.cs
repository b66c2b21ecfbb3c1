namespace Balsa.KeyValue.Commands;

/// <summary>The state machine's commands. The values are in the log: never renumber. 0 is no command.</summary>
public enum CommandKind : byte
{
    Put = 1,
    Delete = 2,
    Txn = 3,
    Compact = 4,
    LeaseGrant = 5,
    LeaseRevoke = 6,

    /// <summary>The leader's clock says that leases are over. Counts only in an entry of the term that decided it.</summary>
    LeaseExpire = 7,

    /// <summary>How long leases still have, so that a later leader need not begin from their full time.</summary>
    LeaseCheckpoint = 8,
    Alarm = 9,
    SessionOpen = 10,
    SessionClose = 11,

    /// <summary>Nothing but the passing of log time, and a sign of life of the session in the envelope.</summary>
    Touch = 12,
}

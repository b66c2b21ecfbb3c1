namespace Balsa.Simulation.Judging;

/// <summary>How a history is judged.</summary>
public enum Oracle
{
    /// <summary>By revisions where every answer has one, otherwise by searching.</summary>
    Auto,

    /// <summary>Looks for an order that explains the answers. It needs no revisions, and can take long.</summary>
    Search,

    /// <summary>Plays the changes in the order of their revisions. It takes about as long as reading the history.</summary>
    Revisions,
}

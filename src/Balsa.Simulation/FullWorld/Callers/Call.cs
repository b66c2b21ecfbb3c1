using Balsa.KeyValue.Commands;
using Balsa.Raft.Log;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.FullWorld.Callers;

/// <summary>One thing that a caller wants, over all its attempts.</summary>
internal sealed class Call(ulong number, int caller, CallKind kind)
{
    internal ulong Number { get; } = number;

    internal int Caller { get; } = caller;

    internal CallKind Kind { get; } = kind;

    /// <summary>The entry as each attempt proposes it; the replica stamps its own copy.</summary>
    internal byte[] Entry { get; init; } = [];

    internal CommandKind Command { get; init; }

    internal PlainRange? Query { get; init; }

    /// <summary>Of a lease that is granted, kept alive or ended.</summary>
    internal long Lease { get; init; }

    internal ulong Session { get; init; }

    internal ulong Request { get; init; }

    /// <summary>What had been answered to anybody when it began: what it shows must be at least as new.</summary>
    internal LogIndex Needs { get; set; }

    internal CallState State { get; set; }

    internal long BegunAt { get; set; }

    internal long GivesUpAt { get; set; }

    internal int Attempts { get; set; }

    /// <summary>Attempts that certainly did not happen.</summary>
    internal int NotDone { get; set; }

    /// <summary>Of its entry in the history, how often.</summary>
    internal int Occurrences { get; set; }

    /// <summary>The answer of a command that is done.</summary>
    internal byte[]? Answer { get; set; }

    /// <summary>The newest attempt; late news of earlier ones changes nothing for the caller.</summary>
    internal Attempt? Newest { get; set; }

    internal bool IsOpen => State == CallState.Open;

    /// <summary>May be sent again although it may have happened.</summary>
    internal bool MayRepeat => Kind != CallKind.Command || Request != 0;

    public override string ToString() => $"call {Number} ({(Kind == CallKind.Command ? Command : Kind)})";
}

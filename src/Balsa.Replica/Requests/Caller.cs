using Balsa.Raft.Reads;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Requests;

/// <summary>Somebody who waits, and what for.</summary>
internal abstract class Caller
{
    /// <summary>What was asked: it can be asked again when it certainly was not done.</summary>
    internal ReplicaInput? Request { get; init; }

    /// <summary>It was proposed or handed on before: its bytes may lie in a log.</summary>
    internal bool WasTried { get; set; }

    /// <summary>An earlier try may have done it: it can be told "done" or "unknown", and never again "not done".</summary>
    internal bool MayBeDone { get; set; }

    /// <summary>Of a read: what its answer rests on.</summary>
    internal ReadMode Served { get; set; }

    internal abstract void Answer(in ReplicaAnswer answer);
}

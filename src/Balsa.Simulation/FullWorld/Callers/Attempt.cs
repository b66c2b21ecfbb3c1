using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica;

namespace Balsa.Simulation.FullWorld.Callers;

/// <summary>One call to one member.</summary>
internal sealed class Attempt(Call call, int slot)
{
    internal Call Call { get; } = call;

    internal int Slot { get; } = slot;

    /// <summary>The life of the process that has it.</summary>
    internal ulong Life { get; set; }

    internal TaskCompletionSource<ReplicaAnswer> Waiting { get; } = new();

    /// <summary>Of a sign of life: when the lease was renewed, in which reign, and the note that is taken back for it.</summary>
    internal (long At, Term Reign, long Note) Renewed { get; set; }

    /// <summary>What goes back to the caller.</summary>
    internal Outcome Outcome { get; set; }

    internal MemberId Leader { get; set; }
}

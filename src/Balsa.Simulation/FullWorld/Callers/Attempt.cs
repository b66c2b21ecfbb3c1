using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
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

    /// <summary>What goes back to the caller.</summary>
    internal Outcome Outcome { get; set; }

    internal MemberId Leader { get; set; }
}

using Balsa.Raft.Effects;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>What a pump remembers between its turns.</summary>
internal sealed class PumpState
{
    /// <summary>When the next turn happens; far away when there is no reason for one.</summary>
    internal long TurnAt { get; set; } = long.MaxValue;

    internal long TimerAt { get; set; } = long.MaxValue;

    /// <summary>On the node's clock.</summary>
    internal long GraceUntil { get; set; }

    internal IoSeq Durable { get; set; }

    internal IoSeq DurableTold { get; set; }
}

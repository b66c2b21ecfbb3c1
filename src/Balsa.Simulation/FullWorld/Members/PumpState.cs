using Balsa.Replica.Hosting;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>When a process is looked after next, in the time of the world.</summary>
internal sealed class PumpState
{
    /// <summary>When the next turn happens; far away when there is no reason for one.</summary>
    internal long TurnAt { get; set; } = long.MaxValue;

    internal Alarm Alarm { get; } = new();

    /// <summary>What was scheduled does not come, because the process was paused.</summary>
    internal void Forget()
    {
        TurnAt = long.MaxValue;
        Alarm.Clear();
    }
}

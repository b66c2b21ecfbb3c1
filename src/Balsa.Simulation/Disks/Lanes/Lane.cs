using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Lanes;

internal enum LaneState : byte
{
    /// <summary>The planner can be asked for its next step, at its time.</summary>
    Ready = 0,

    /// <summary>A step was asked for and not done yet.</summary>
    Asked,

    /// <summary>In a wait, until woken or until its time.</summary>
    Waiting,

    /// <summary>The planner has come to its end, or failed.</summary>
    Ended,
}

/// <summary>One planner and where it stands.</summary>
internal sealed class Lane(string name, IEnumerator<IoStep> steps)
{
    internal string Name { get; } = name;

    internal IEnumerator<IoStep> Steps { get; } = steps;

    internal LaneState State { get; set; }

    /// <summary>When it goes on; <see cref="long.MaxValue"/> for a wait without a limit.</summary>
    internal long At { get; set; }

    /// <summary>Somebody woke it while it did not wait: its next wait ends at once.</summary>
    internal bool IsWoken { get; set; }

    /// <summary>Steps of the disk that were done for it.</summary>
    internal long Done { get; set; }

    /// <summary>What ended it before its end.</summary>
    internal Exception? Failure { get; set; }

    internal bool IsRunnable => State != LaneState.Ended && At != long.MaxValue;
}

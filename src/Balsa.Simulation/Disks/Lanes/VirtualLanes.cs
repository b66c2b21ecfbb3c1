using Balsa.Simulation.Randomness;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Lanes;

/// <summary>
/// Drives the planners of one node in virtual time as threads would drive them: interleaved by chance, one half of a step
/// at a time, so that the power can be cut between any two things that happen.
/// </summary>
internal sealed class VirtualLanes(FaultyDisk disk, Dice dice)
{
    private readonly List<Lane> _lanes = [];
    private int _ties;

    /// <summary>Virtual time, in ticks.</summary>
    internal long Now { get; private set; }

    /// <summary>Steps of the disk that were done.</summary>
    internal long Steps { get; private set; }

    /// <summary>The lane for which the last thing happened.</summary>
    internal Lane? Current { get; private set; }

    /// <summary>The first lane that failed.</summary>
    internal Lane? Failed { get; private set; }

    /// <summary>When the next thing happens; <see cref="long.MaxValue"/> when everybody waits for news.</summary>
    internal long NextAt
    {
        get
        {
            var next = long.MaxValue;
            foreach (var lane in _lanes)
                if (lane.IsRunnable && lane.At < next) next = lane.At;
            return next;
        }
    }

    /// <summary>Where everybody stands, for people.</summary>
    internal IEnumerable<string> Describe()
    {
        foreach (var lane in _lanes)
            if (lane.State != LaneState.Ended) yield return $"{lane.Name}: {lane.State}, {lane.Done} steps done, now {lane.Steps.Current}";
    }

    /// <summary>Somebody else's time has passed in which nothing happened here.</summary>
    internal void MoveTo(long now) => Now = Math.Max(Now, now);

    /// <summary>A stalled disk comes back: what it was doing ends now.</summary>
    internal void Hurry()
    {
        foreach (var lane in _lanes)
            if (lane.State == LaneState.Ready) lane.At = Math.Min(lane.At, Now);
    }

    internal Lane Add(string name, IEnumerable<IoStep> planner)
    {
        var lane = new Lane(name, planner.GetEnumerator()) { At = Now };
        _lanes.Add(lane);
        return lane;
    }

    /// <summary>A lane that waits goes on now. For one that does not, the next wait is over at once.</summary>
    internal void Wake(Lane lane)
    {
        lane.IsWoken = true;
        if (lane.State == LaneState.Waiting) lane.At = Now;
    }

    /// <summary>
    /// The next thing that happens: a step of one lane is done by the disk, or a lane learns its result and asks for the next.
    /// </summary>
    /// <param name="until">Nothing happens after this time.</param>
    /// <returns>False when nothing is left to do, or nothing before that time.</returns>
    internal bool Advance(long until = long.MaxValue)
    {
        if (Pick() is not { } lane || lane.At > until)
        {
            if (until != long.MaxValue) Now = Math.Max(Now, until);
            return false;
        }
        Now = Math.Max(Now, lane.At);
        Current = lane;
        if (lane.State == LaneState.Asked) Do(lane);
        else Resume(lane);
        return true;
    }

    /// <summary>Until every lane has ended or waits for news that nobody will bring.</summary>
    internal void Run(long until = long.MaxValue)
    {
        while (Failed is null && Advance(until)) continue;
    }

    /// <summary>The earliest; among equals by chance.</summary>
    private Lane? Pick()
    {
        Lane? first = null;
        foreach (var lane in _lanes)
        {
            if (!lane.IsRunnable) continue;
            if (first is null || lane.At < first.At) (first, _ties) = (lane, 1);
            else if (lane.At == first.At && dice.Below(++_ties) == 0) first = lane;
        }
        return first;
    }

    private void Do(Lane lane)
    {
        disk.Execute(lane.Steps.Current);
        Steps++;
        lane.Done++;
        lane.State = LaneState.Ready;
        // Threads and devices take anything up to three times as long: that is what brings lanes into every order.
        lane.At = Now + disk.Cost + dice.Below(2 * disk.Cost + 1);
    }

    private void Resume(Lane lane)
    {
        if (lane.State == LaneState.Waiting) lane.Steps.Current.TimedOut = !lane.IsWoken;
        if (lane.State == LaneState.Waiting) lane.IsWoken = false;
        try
        {
            if (!lane.Steps.MoveNext()) lane.State = LaneState.Ended;
            else if (lane.Steps.Current.Kind == StepKind.Wait) Wait(lane);
            else lane.State = LaneState.Asked;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Which failures are right is for the harness to say; a planner that stumbles over damage is a find, too.
            (lane.State, lane.Failure) = (LaneState.Ended, failure);
            Failed ??= lane;
        }
    }

    private void Wait(Lane lane)
    {
        lane.State = LaneState.Waiting;
        var ticks = lane.Steps.Current.WaitTicks;
        lane.At = lane.IsWoken ? Now : ticks < 0 ? long.MaxValue : Now + ticks;
    }
}

namespace Balsa.Replica.Hosting;

/// <summary>
/// What a driver's timer is set to. One that fires too early only costs a look at the clock, so it is not moved for every
/// later deadline.
/// </summary>
internal sealed class Alarm
{
    /// <summary>Far away when it is not set.</summary>
    internal long At { get; private set; } = long.MaxValue;

    /// <summary>Whether the timer must be set to this time, because it would not fire early enough.</summary>
    internal bool TrySet(long at, long now)
    {
        if (At <= at && At >= now) return false;
        At = at;
        return true;
    }

    /// <summary>It has fired, or never will.</summary>
    internal void Clear() => At = long.MaxValue;
}
